"""Who may change what, on the days where the answer turns and in families that the sample world
does not have."""

import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jkn.models import (
    Account,
    ChangeRow,
    EndedReason,
    Facility,
    FacilityKind,
    Family,
    Participant,
    ParticipantKind,
    Relationship,
    Segment,
)
from jkn.services.changes.who_may import (
    CHOSEN_ROWS,
    Allowed,
    Answer,
    Household,
    Reason,
    Refused,
    leads,
    may,
)
from tests.support.world.rule_folders import add_lines, bind_rules, bring_kris, copied_rules

TODAY = date(2026, 5, 3)
FAMILY = Family(paid_through=date(2026, 5, 1))
DOCTOR = Facility(code="1001U001", kind=FacilityKind.DOCTOR)
CLINIC = Facility(code="1001B001", kind=FacilityKind.PRIMARY_CLINIC)
PBPU = {"segment": Segment.PBPU, "kind": ParticipantKind.SELF_EMPLOYED}


@pytest.fixture(autouse=True)
def _rules() -> None:
    bind_rules()


def person(number: int = 1, **changes: Any) -> Participant:
    """An employed head of 40 years who may change all but the segment, the class and the dentist.
    Without a NIK, which nothing but its own row asks about (`test_who_may_table`)."""
    values = {
        "id": number,
        "family": FAMILY,
        "birth_date": date(1986, 5, 3),
        "relationship": Relationship.HEAD,
        "segment": Segment.PPU_COMPANY,
        "kind": ParticipantKind.PRIVATE_EMPLOYEE,
        "care_class": "2",
        "care_class_since": date(2020, 1, 1),
        "primary_facility": CLINIC,
        "primary_facility_since": date(2020, 1, 1),
        "active_from": date(2020, 1, 1),
        "active_until": None,
        "ended_reason": None,
    }
    return Participant(**{**values, **changes})


def child(number: int = 2, **changes: Any) -> Participant:
    return person(number, **{"relationship": Relationship.CHILD, **changes})


def account_of(participant: Participant) -> Account:
    return Account(participant_id=participant.id)


def own(row: ChangeRow, participant: Participant, day: date = TODAY, **known: Any) -> Answer:
    """What somebody who is alone is answered about the own row."""
    household = Household((participant,), **known)
    return may(account_of(participant), participant, household, row, day)


def of_child(row: ChangeRow, the_child: Participant, day: date = TODAY, **known: Any) -> Answer:
    """What the head is answered about a child."""
    head = person()
    return may(account_of(head), the_child, Household((head, the_child), **known), row, day)


def refused(reason: Reason, *first_day: int) -> Refused:
    return Refused(reason, date(*first_day) if first_day else None)


@pytest.mark.parametrize(
    ("since", "first_day"),
    [
        (date(2026, 2, 1), date(2026, 5, 1)),
        (date(2025, 11, 30), date(2026, 2, 28)),
    ],
    ids=str,
)
def test_a_facility_is_kept_for_three_months(since: date, first_day: date) -> None:
    it = person(primary_facility_since=since)
    eve = first_day - timedelta(days=1)
    expected = Refused(Reason.FACILITY_TOO_SOON, first_day)
    assert own(ChangeRow.PRIMARY_FACILITY, it, eve) == expected
    assert own(ChangeRow.PRIMARY_FACILITY, it, first_day) == Allowed()


def test_who_never_had_a_facility_chooses_at_once() -> None:
    it = person(primary_facility=None, primary_facility_since=None)
    assert own(ChangeRow.PRIMARY_FACILITY, it) == Allowed()


@pytest.mark.parametrize(
    ("moved_on", "answer"),
    [
        (date(2026, 3, 31), refused(Reason.FACILITY_TOO_SOON, 2026, 7, 1)),
        (date(2026, 4, 1), Allowed()),
        (TODAY, Allowed()),
        (date(2026, 5, 4), refused(Reason.FACILITY_TOO_SOON, 2026, 7, 1)),
    ],
    ids=str,
)
def test_who_moved_to_another_regency_since_then_need_not_wait(
    moved_on: date, answer: Answer
) -> None:
    it = person(primary_facility_since=date(2026, 4, 1))
    assert own(ChangeRow.PRIMARY_FACILITY, it, moved_on={1: moved_on}) == answer
    assert own(ChangeRow.PRIMARY_FACILITY, it, moved_on={2: TODAY}) != Allowed()


def test_a_move_helps_as_long_as_the_rule_says_so(tmp_path: Path) -> None:
    rules = copied_rules(tmp_path)
    add_lines(rules, "rules.csv", "primary_facility.earlier_after_a_move,0,2026-05-04,a rehearsal")
    bind_rules(rules)
    it = person(primary_facility_since=date(2026, 4, 1))
    moved = {"moved_on": {1: date(2026, 4, 20)}}
    assert own(ChangeRow.PRIMARY_FACILITY, it, TODAY, **moved) == Allowed()
    expected = refused(Reason.FACILITY_TOO_SOON, 2026, 7, 1)
    assert own(ChangeRow.PRIMARY_FACILITY, it, date(2026, 5, 4), **moved) == expected


def test_a_class_is_kept_for_twelve_months() -> None:
    it = person(**PBPU, care_class_since=date(2025, 5, 1))
    expected = refused(Reason.CLASS_TOO_SOON, 2026, 5, 1)
    assert own(ChangeRow.CARE_CLASS, it, date(2026, 4, 30)) == expected
    assert own(ChangeRow.CARE_CLASS, it, date(2026, 5, 1)) == Allowed()


def test_arrears_close_the_class_from_the_day_after_they_were_due() -> None:
    it = person(**PBPU, family=Family(paid_through=date(2026, 4, 1)))
    assert own(ChangeRow.CARE_CLASS, it, date(2026, 5, 10)) == Allowed()
    assert own(ChangeRow.CARE_CLASS, it, date(2026, 5, 11)) == refused(Reason.ARREARS)


def test_arrears_close_the_class_to_a_member_who_owes_nothing_any_more() -> None:
    head = person(**PBPU, family=Family(paid_through=date(2026, 1, 1)))
    left = child(**PBPU, family=head.family, active_until=date(2026, 2, 28))
    for member in (head, left):
        answer = may(account_of(head), member, Household((left, head)), ChangeRow.CARE_CLASS, TODAY)
        assert answer == refused(Reason.ARREARS)


def test_a_baby_does_not_begin_the_familys_time_in_its_class_anew() -> None:
    head = person(**PBPU)
    baby = child(**PBPU, care_class_since=date(2026, 4, 20))
    late = person(
        3,
        **PBPU,
        relationship=Relationship.PARENT,
        care_class_since=date(2010, 1, 1),
        active_until=date(2026, 4, 30),
        ended_reason=EndedReason.DEATH,
    )
    for member in (head, baby):
        household = Household((baby, late, head))
        assert may(account_of(head), member, household, ChangeRow.CARE_CLASS, TODAY) == Allowed()
    head.care_class_since = date(2026, 2, 1)
    answer = may(account_of(head), baby, household, ChangeRow.CARE_CLASS, TODAY)
    assert answer == refused(Reason.CLASS_TOO_SOON, 2027, 2, 1)


def test_where_one_class_is_left_on_the_day_of_effect_none_is_chosen(tmp_path: Path) -> None:
    rules = copied_rules(tmp_path)
    bring_kris(rules, "2026-07-01")
    bind_rules(rules)
    it = person(**PBPU, family=Family(paid_through=date(2026, 6, 1)))
    assert own(ChangeRow.CARE_CLASS, it, date(2026, 5, 31)) == Allowed()
    assert own(ChangeRow.CARE_CLASS, it, date(2026, 6, 1)) == refused(Reason.ONE_CLASS)


def test_an_employee_may_pay_alone_from_the_last_month_of_cover_on() -> None:
    it = person(active_until=date(2026, 5, 31), ended_reason=EndedReason.EMPLOYMENT_ENDED)
    expected = refused(Reason.STILL_EMPLOYED, 2026, 5, 1)
    assert own(ChangeRow.SEGMENT, it, date(2026, 4, 30)) == expected
    for day in (date(2026, 5, 1), date(2026, 5, 31), date(2026, 6, 1), date(2026, 12, 1)):
        assert own(ChangeRow.SEGMENT, it, day) == Allowed()


def test_whom_the_state_paid_for_may_pay_alone_from_the_day_after() -> None:
    for segment in (Segment.PBI_JK, Segment.PBPU_BP_PEMDA):
        it = person(segment=segment, active_until=date(2026, 5, 31))
        expected = refused(Reason.STATE_PAYS, 2026, 6, 1)
        assert own(ChangeRow.SEGMENT, it, date(2026, 5, 31)) == expected
        assert own(ChangeRow.SEGMENT, it, date(2026, 6, 1)) == Allowed()


@pytest.mark.parametrize("segment", [Segment.PPU_COMPANY, Segment.PPU_STATE], ids=str)
def test_a_child_pays_alone_past_the_age_limit(segment: Segment) -> None:
    it = child(birth_date=date(2000, 2, 29), segment=segment)
    young = refused(Reason.CHILD_COVERED, 2021, 2, 28)
    student = refused(Reason.STUDENT_COVERED, 2025, 2, 28)
    assert of_child(ChangeRow.SEGMENT, it, date(2021, 2, 27)) == young
    assert of_child(ChangeRow.SEGMENT, it, date(2021, 2, 28)) == student
    assert of_child(ChangeRow.SEGMENT, it, date(2025, 2, 27)) == student
    assert of_child(ChangeRow.SEGMENT, it, date(2025, 2, 28)) == Allowed()
    it.active_until = date(2021, 2, 28)
    assert of_child(ChangeRow.SEGMENT, it, date(2021, 3, 1)) == Allowed()


def test_of_two_days_that_open_the_segment_to_a_child_the_first_is_told() -> None:
    ending = {"active_until": date(2026, 7, 31)}
    for born_on, expected in (
        (date(2005, 6, 30), refused(Reason.CHILD_COVERED, 2026, 6, 30)),
        (date(2005, 7, 2), refused(Reason.STILL_EMPLOYED, 2026, 7, 1)),
    ):
        assert of_child(ChangeRow.SEGMENT, child(birth_date=born_on, **ending)) == expected


def test_a_dentist_goes_with_a_doctor_who_practises_alone() -> None:
    assert own(ChangeRow.DENTAL_FACILITY, person(primary_facility=DOCTOR)) == Allowed()
    for facility in (CLINIC, None):
        it = person(primary_facility=facility)
        assert own(ChangeRow.DENTAL_FACILITY, it) == refused(Reason.DENTIST_BY_FACILITY)


def test_nobody_acts_before_their_seventeenth_birthday() -> None:
    it = person(birth_date=date(2009, 5, 4))
    for row in CHOSEN_ROWS:
        assert own(row, it, TODAY) == refused(Reason.ACTOR_TOO_YOUNG, 2026, 5, 4)
    assert own(ChangeRow.PHONE, it, date(2026, 5, 4)) == Allowed()


def test_contact_data_are_an_adults_own_from_the_account_on() -> None:
    it = child(birth_date=date(2009, 5, 4))
    for row in (ChangeRow.PHONE, ChangeRow.EMAIL):
        has_account = {"with_account": frozenset({2})}
        assert of_child(row, it, date(2026, 5, 3), **has_account) == Allowed()
        expected = refused(Reason.OWN_CONTACT)
        assert of_child(row, it, date(2026, 5, 4), **has_account) == expected
        assert of_child(row, it, date(2026, 5, 4)) == Allowed()


def test_whoever_is_not_of_the_family_changes_nothing() -> None:
    head, stranger = person(1), person(9)
    for actor, member in ((stranger, head), (head, stranger)):
        for row in CHOSEN_ROWS:
            answer = may(account_of(actor), member, Household((head,)), row, TODAY)
            assert answer == refused(Reason.NOT_IN_FAMILY)
    nobody = Account(participant_id=None)
    answer = may(nobody, head, Household((head,)), ChangeRow.EMAIL, TODAY)
    assert answer == refused(Reason.NOT_IN_FAMILY)


def test_what_the_registry_decides_is_changed_there() -> None:
    for row in set(ChangeRow) - set(CHOSEN_ROWS):
        assert own(row, person()) == refused(Reason.REGISTRY_ROW)


def test_a_row_with_a_pending_change_waits_for_its_day() -> None:
    it = person()
    pending = {"pending": {(1, ChangeRow.EMAIL): date(2026, 5, 4)}}
    expected = refused(Reason.PENDING, 2026, 5, 4)
    assert own(ChangeRow.EMAIL, it, TODAY, **pending) == expected
    assert own(ChangeRow.PHONE, it, TODAY, **pending) == Allowed()
    # The worker is late.
    assert own(ChangeRow.EMAIL, it, date(2026, 5, 4), **pending) == refused(Reason.PENDING)


def test_a_pending_class_is_everybodys_and_a_pending_facility_one_persons() -> None:
    head, other = person(**PBPU), child(**PBPU)
    day = date(2026, 6, 1)
    pending = {(2, ChangeRow.CARE_CLASS): day, (2, ChangeRow.PRIMARY_FACILITY): day}
    household = Household((head, other), pending=pending)
    for row, member, answer in (
        (ChangeRow.CARE_CLASS, head, Refused(Reason.PENDING, day)),
        (ChangeRow.CARE_CLASS, other, Refused(Reason.PENDING, day)),
        (ChangeRow.PRIMARY_FACILITY, head, Allowed()),
        (ChangeRow.PRIMARY_FACILITY, other, Refused(Reason.PENDING, day)),
    ):
        assert may(account_of(head), member, household, row, TODAY) == answer


@pytest.mark.parametrize("relationship", Relationship, ids=str)
def test_head_and_spouse_lead_and_nobody_else(relationship: Relationship) -> None:
    it = person(relationship=relationship)
    is_leader = relationship in (Relationship.HEAD, Relationship.HUSBAND, Relationship.WIFE)
    assert leads(account_of(it), Household((it,)), TODAY) is is_leader
    assert not leads(Account(participant_id=9), Household((it,)), TODAY)
    it.birth_date = date(2010, 1, 1)
    assert not leads(account_of(it), Household((it,)), TODAY)


DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))
PEOPLE = st.fixed_dictionaries(
    {
        "birth_date": st.dates(date(1940, 1, 1), date(2025, 12, 31)),
        "relationship": st.sampled_from(Relationship),
        "segment": st.sampled_from([Segment.PBPU, *Segment]),
        "kind": st.sampled_from(ParticipantKind),
        "care_class_since": st.dates(date(2024, 6, 1), date(2026, 12, 31)),
        "primary_facility": st.sampled_from([DOCTOR, CLINIC, None]),
        "primary_facility_since": st.none() | st.dates(date(2025, 6, 1), date(2026, 12, 31)),
        "active_until": st.none() | DAYS,
        "ended_reason": st.sampled_from([None, *EndedReason]),
    }
)


@st.composite
def households(draw: st.DrawFn) -> Household:
    people = draw(st.lists(PEOPLE, min_size=1, max_size=6))
    family = Family(paid_through=draw(st.none() | st.dates(date(2025, 10, 1), date(2026, 12, 1))))
    members = tuple(person(n, **{**it, "family": family}) for n, it in enumerate(people, 1))
    ids = st.integers(1, len(people))
    pending = st.dictionaries(st.tuples(ids, st.sampled_from(ChangeRow)), DAYS, max_size=2)
    return Household(
        members,
        with_account=draw(st.frozensets(ids)),
        pending=draw(pending),
        moved_on=draw(st.dictionaries(ids, DAYS, max_size=2)),
    )


@given(households(), DAYS, st.randoms(use_true_random=False))
def test_no_answer_depends_on_the_order_of_the_family(
    household: Household, day: date, dice: random.Random
) -> None:
    members = household.members
    shuffled = Household(
        tuple(dice.sample(members, len(members))),
        household.with_account,
        household.pending,
        household.moved_on,
    )
    for actor in members:
        for member in members:
            for row in ChangeRow:
                asked = (account_of(actor), member)
                assert may(*asked, household, row, day) == may(*asked, shuffled, row, day)


@given(households(), DAYS)
def test_a_first_day_lies_ahead_and_that_reason_does_not_hold_on_it(
    household: Household, day: date
) -> None:
    for actor in household.members:
        for member in household.members:
            for row in CHOSEN_ROWS:
                answer = may(account_of(actor), member, household, row, day)
                if not isinstance(answer, Refused) or answer.first_day is None:
                    continue
                assert answer.first_day > day
                then = may(account_of(actor), member, household, row, answer.first_day)
                if answer.reason is Reason.PENDING:
                    # Nobody takes the change away while it waits for the worker.
                    assert then != answer
                else:
                    assert not isinstance(then, Refused) or then.reason is not answer.reason
