"""What was true when, from today's values and the changes, by one query."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text, update

from jkn.database import session, transaction
from jkn.models import Address, ChangeRow, ChangeState, MemberChange, ParticipantKind, Segment
from jkn.services.basics.paging import A_PAGE
from jkn.services.changes.pending_changes import apply_due, cancel
from jkn.services.membership.change_values import SegmentOf, Value
from jkn.services.membership.history import as_of, history_of, pending_for
from tests.support.calls.change_calls import REFERENCE, midnight, scheduled
from tests.support.calls.sign_in_calls import CLIENT
from tests.support.clients.leafing import leaf
from tests.support.world.clock import BEGINNING, Clock
from tests.support.world.factories import make_account, make_family, make_participant
from tests.support.world.queries import QueryCounter

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.both_databases]

TODAY = BEGINNING.date()
# Days that months, years and leap years end on lie within a fortnight of these.
BEGINNINGS = [date(2027, 1, 25), date(2028, 2, 22), date(2027, 12, 25), date(2027, 2, 22)]
SPAN = 14
ROWS: dict[ChangeRow, list[Value]] = {
    ChangeRow.NAME: ["Satu", "Dua", "Tiga"],
    ChangeRow.EMAIL: ["satu@example.id", None],
    ChangeRow.DOMICILE: [Address("Jalan Uji 1", "001", "002", "32.76.05.1001", "16411"), None],
    ChangeRow.SEGMENT: [
        SegmentOf(Segment.PBPU, ParticipantKind.SELF_EMPLOYED),
        SegmentOf(Segment.BP, ParticipantKind.NON_WORKER),
    ],
}


@dataclass(frozen=True)
class Asked:
    """`waits`: for how many days after the day on which it is asked."""

    day: int
    waits: int
    row: ChangeRow
    value: Value


def asked() -> st.SearchStrategy[Asked]:
    return st.sampled_from(sorted(ROWS)).flatmap(
        lambda row: st.builds(
            Asked,
            day=st.integers(0, SPAN),
            waits=st.integers(0, 5),
            row=st.just(row),
            value=st.sampled_from(ROWS[row]),
        )
    )


@given(
    first=st.sampled_from(BEGINNINGS),
    changes=st.lists(asked(), min_size=1, max_size=8),
    worked=st.sets(st.integers(0, SPAN)),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_each_day_has_the_value_that_was_true_on_it(
    clock: Clock, first: date, changes: list[Asked], worked: set[int]
) -> None:
    """Whatever was asked for and when, and on whichever days a worker ran."""
    one = make_participant()
    clock.set(midnight(first))
    known = as_of(one.id, first)
    assert known is not None
    # Sorting keeps the order of those that are asked for on one day.
    changes = sorted(changes, key=lambda it: it.day)
    effective: list[tuple[date, ChangeRow, Value]] = []
    for number in range(SPAN + 7):
        day = first + timedelta(days=number)
        clock.set(midnight(day))
        if number in worked:
            apply_due()
        for it in changes:
            if it.day == number:
                from_day = day + timedelta(days=it.waits)
                scheduled(one.id, it.row, it.value, from_day)
                effective.append((from_day, it.row, it.value))
    apply_due()
    in_order = sorted(effective, key=lambda it: it[0])
    for number in range(-1, SPAN + 7):
        day = first + timedelta(days=number)
        found = as_of(one.id, day)
        for row in ROWS:
            expected = getattr(known, row)
            for from_day, changed, value in in_order:
                if changed is row and from_day <= day:
                    expected = value
            assert getattr(found, row) == expected, (day, row)
    assert_periods_follow_each_other(one.id)


def assert_periods_follow_each_other(participant_id: int) -> None:
    """Each day from the first change on has exactly one value in each row."""
    items = history_of([participant_id]).items
    for row in ROWS:
        periods = sorted((it for it in items if it.row is row), key=lambda it: it.id)
        periods.sort(key=lambda it: it.effective_on)
        for earlier, later in pairwise(periods):
            assert earlier.last_day == later.effective_on - timedelta(days=1)
            assert later.value_before == earlier.value
        assert [it.last_day for it in periods[-1:]] in ([], [None])


def test_a_value_holds_through_the_day_before_the_next_one(clock: Clock) -> None:
    one = make_participant()
    name_before = one.name
    scheduled(one.id, ChangeRow.NAME, "Kabisat", date(2028, 2, 29))
    scheduled(one.id, ChangeRow.NAME, "Maret", date(2028, 3, 1))
    clock.set(midnight(date(2029, 1, 1)))
    apply_due()
    names = [
        found.name
        for day in (date(2028, 2, 28), date(2028, 2, 29), date(2028, 3, 1), date(2030, 1, 1))
        if (found := as_of(one.id, day))
    ]
    assert names == [name_before, "Kabisat", "Maret", "Maret"]
    later, earlier = history_of([one.id]).items
    assert (earlier.effective_on, earlier.last_day) == (date(2028, 2, 29), date(2028, 2, 29))
    assert (later.effective_on, later.last_day) == (date(2028, 3, 1), None)


def test_of_two_changes_of_one_day_the_earlier_one_held_on_no_day() -> None:
    one = make_participant()
    name_before = one.name
    for name in ("Sebentar", "Akhirnya"):
        scheduled(one.id, ChangeRow.NAME, name, TODAY)
    found = as_of(one.id, TODAY)
    before = as_of(one.id, TODAY - timedelta(days=1))
    assert found is not None
    assert before is not None
    assert (before.name, found.name) == (name_before, "Akhirnya")
    last, first = history_of([one.id]).items
    assert (first.last_day, last.last_day) == (TODAY - timedelta(days=1), None)


def test_what_waits_was_cancelled_or_dropped_was_never_true(clock: Clock) -> None:
    account = make_account()
    one = account.participant_id or 0
    scheduled(one, ChangeRow.NAME, "Menunggu", date(2027, 1, 1), account)
    dropped = scheduled(one, ChangeRow.CARE_CLASS, "istana", date(2026, 6, 1), account)
    cancelled = scheduled(one, ChangeRow.NAME, "Batal", date(2026, 6, 1), account)
    cancel(account, cancelled, CLIENT)
    clock.set(midnight(date(2026, 6, 2)))
    apply_due()
    for day in (TODAY, date(2026, 6, 1), date(2027, 6, 1)):
        found = as_of(one, day)
        assert found is not None
        assert (found.name, found.care_class) == (account.name, "2")
    items = history_of([one]).items
    assert [(it.id, it.state, it.value_before, it.last_day, it.ended_at) for it in items] == [
        (cancelled, ChangeState.CANCELLED, None, None, BEGINNING),
        (dropped, ChangeState.DROPPED, None, None, midnight(date(2026, 6, 2))),
    ]


def test_a_day_is_one_query_and_so_is_a_whole_familys_future(queries: QueryCounter) -> None:
    family = make_family()
    people = [make_participant(family).id for _ in range(3)]
    stranger = make_participant().id
    ids = []
    for one in (*people, stranger):
        for row, values in ROWS.items():
            scheduled(one, row, values[0], TODAY)
            ids.append(scheduled(one, row, values[1], date(2026, 6, 1)))
    session.rollback()
    session.expire_all()
    with queries.at_most(1):
        assert as_of(people[0], date(2020, 1, 1))
    session.rollback()
    with queries.at_most(1):
        waiting = pending_for(people)
    assert [it.id for it in waiting] == ids[: 3 * len(ROWS)]
    assert {it.effective_on for it in waiting} == {date(2026, 6, 1)}
    with queries.at_most(1):
        assert len(history_of(people).items) == 3 * len(ROWS)
    assert as_of(stranger + 1, TODAY) is None
    assert pending_for([]) == history_of([]).items == []


def test_who_asked_when_and_by_which_number_is_known() -> None:
    account = make_account()
    one = account.participant_id or 0
    scheduled(one, ChangeRow.NAME, "Diminta", TODAY, account)
    scheduled(one, ChangeRow.SEX, "M", date(2026, 6, 1))
    (past,) = history_of([one]).items
    assert (past.asked_by_id, past.reference) == (account.id, REFERENCE)
    assert past.asked_at == past.ended_at == BEGINNING
    other = make_participant().id
    scheduled(other, ChangeRow.SEX, "M", date(2026, 6, 1))
    waiting, of_other = pending_for([one, other])
    assert (waiting.has_account, of_other.has_account) == (True, False)
    assert (waiting.asked_by_id, waiting.reference, waiting.value) == (None, None, "M")


def test_a_long_history_is_read_page_by_page_without_gaps() -> None:
    one, other = make_participant(), make_participant()
    ids = []
    for number in range(A_PAGE + 5):
        ids.append(scheduled(one.id, ChangeRow.NAME, f"Nama {number}", TODAY))
        scheduled(other.id, ChangeRow.NAME, "Orang Lain", TODAY)
    pages = list(leaf(lambda before: history_of([one.id], before)))
    assert [len(it.items) for it in pages] == [A_PAGE, 5]
    items = [it for page in pages for it in page.items]
    assert [it.id for it in items] == ids[::-1]
    # What replaced the first one of the second page stands on the first page.
    assert [it.last_day for it in items] == [None] + [TODAY - timedelta(days=1)] * (A_PAGE + 4)


@pytest.mark.parametrize(
    "column", ["row = 'of_tomorrow'", "state = 'of_tomorrow'", "dropped_reason = 'of_tomorrow'"]
)
def test_what_a_newer_release_wrote_is_skipped(column: str) -> None:
    one = make_participant()
    scheduled(one.id, ChangeRow.NAME, "Baru", TODAY)
    scheduled(one.id, ChangeRow.SEX, "M", date(2026, 6, 1))
    with transaction():
        session.execute(text(f"UPDATE member_changes SET {column}"))
    found = as_of(one.id, date(2026, 1, 1))
    assert found is not None
    assert len(history_of([one.id]).items) + len(pending_for([one.id])) in (0, 2)


@pytest.mark.parametrize("written", ['{"von": "morgen"}', "morgen", "[1", "7", "true", "null"])
def test_a_value_that_cannot_be_read_is_said_to_be_so(written: str) -> None:
    one = make_participant()
    for row, values in ROWS.items():
        scheduled(one.id, row, values[0], TODAY)
        scheduled(one.id, row, values[-1], date(2026, 6, 1))
    with transaction():
        session.execute(update(MemberChange).values(value=written, value_before=written))
    assert as_of(one.id, date(2026, 1, 1)) is not None
    for it in (*history_of([one.id]).items, *pending_for([one.id])):
        may_be_none = it.row in (ChangeRow.EMAIL, ChangeRow.DOMICILE)
        assert it.is_readable is (written == "null" and may_be_none)
        assert it.value is None


@pytest.mark.parametrize("column", ["value", "value_before"])
def test_a_change_of_which_one_half_cannot_be_read_is_said_to_be_so(column: str) -> None:
    one = make_participant()
    scheduled(one.id, ChangeRow.NAME, "Baru", TODAY)
    with transaction():
        session.execute(update(MemberChange).values({column: "morgen"}))
    assert [it.is_readable for it in history_of([one.id]).items] == [False]


def test_the_values_are_stored_encrypted() -> None:
    one = make_participant()
    scheduled(one.id, ChangeRow.NAME, "Sangat Rahasia", TODAY)
    stored = session.execute(text("SELECT value, value_before FROM member_changes")).one()
    assert not any(json.dumps("Sangat Rahasia").encode() in bytes(it) for it in stored)
    assert not any(one.name.encode() in bytes(it) for it in stored)
    assert isinstance(history_of([one.id]).items[0].ended_at, datetime)
