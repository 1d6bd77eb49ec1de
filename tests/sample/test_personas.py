"""For every rule, somebody in the sample world shows it, on whatever day it is loaded."""

import calendar
from datetime import date, timedelta

import pytest

from jkn.sample import PASSWORD
from jkn.sample.identities import Identity, identities, identity
from jkn.sample.world import people, rows
from jkn.services.basics.calendar_months import add_months, months_between
from jkn.services.credentials.personal_questions import Question
from tests.support.world.as_of import DAYS, column, someone

pytestmark = pytest.mark.parametrize("today", DAYS, ids=str)


def last_of_month(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def test_an_active_employees_family_is_covered_without_an_end(today: date) -> None:
    it = someone("ppu_active", today)
    assert {row["segment"] for row in it.relatives} == {"ppu_company"}
    assert {row["active_until"] for row in it.relatives} == {""}
    assert len(it.relatives) == 4
    assert it.account


def test_an_employee_was_covered_until_the_end_of_last_month(today: date) -> None:
    it = someone("ppu_just_ended", today)
    assert it.ended_reason == "employment_ended"
    assert it.day("active_until") + timedelta(days=1) == today.replace(day=1)
    assert it.account


def test_an_employee_has_been_uncovered_for_months(today: date) -> None:
    it = someone("ppu_ended_months_ago", today)
    assert it.ended_reason == "employment_ended"
    assert months_between(it.day("active_until"), today) == 4
    assert it.account


def test_an_employee_is_covered_until_the_end_of_this_month(today: date) -> None:
    it = someone("ppu_ending", today)
    assert it.ended_reason == "employment_ended"
    assert it.day("active_until") == last_of_month(today)
    assert it.account


def test_a_family_has_paid_for_class_three_for_14_months(today: date) -> None:
    it = someone("pbpu_14_months", today)
    assert (it.segment, it.care_class) == ("pbpu", "3")
    assert months_between(it.day("care_class_since"), today) == 14
    assert add_months(it.day("care_class_since"), 12) <= today
    assert it.family["paid_through"] == "month-start"
    assert it.account


def test_a_family_has_been_in_its_class_for_5_months_only(today: date) -> None:
    it = someone("pbpu_5_months", today)
    assert it.segment == "pbpu"
    assert months_between(it.day("care_class_since"), today) == 5
    assert it.family["paid_through"] == "month-start"
    assert it.account


@pytest.mark.parametrize(
    ("persona", "text"),
    [
        ("arrears", "month-start-4m"),
        ("arrears_over_24_months", "month-start-31m"),
        ("facility_changed_recently", "month-start-1m"),
    ],
)
def test_families_owe_months_of_contributions(persona: str, text: str, today: date) -> None:
    it = someone(persona, today)
    assert it.segment == "pbpu"
    assert it.family["paid_through"] == text
    assert it.account


@pytest.mark.parametrize(
    ("persona", "segment", "kind"),
    [
        ("pbi", "pbi_jk", "pbi_national"),
        ("pbi_regional", "pbpu_bp_pemda", "pbi_regional"),
        ("military", "ppu_state", "military"),
        ("police", "ppu_state", "police"),
        ("primary_facility_doctor", "ppu_state", "civil_servant"),
        ("pensioner", "bp", "state_pensioner"),
        ("non_worker", "bp", "non_worker"),
    ],
)
def test_every_kind_of_participant_has_somebody_who_can_sign_in(
    persona: str, segment: str, kind: str, today: date
) -> None:
    it = someone(persona, today)
    assert (it.segment, it.kind) == (segment, kind)
    assert it.account


def test_two_families_see_a_doctor_with_and_without_a_dental_facility(today: date) -> None:
    with_dentist = someone("primary_facility_doctor", today)
    without = someone("doctor_without_dentist", today)
    for it in (with_dentist, without):
        assert it.primary_facility["kind"] == "doctor"
    assert with_dentist.dental_facility_code
    assert not without.dental_facility_code


def test_a_facility_was_changed_too_recently_to_change_again(today: date) -> None:
    recently = someone("facility_changed_recently", today)
    assert add_months(recently.day("primary_facility_since"), 3) > today
    long_ago = someone("ppu_active", today)
    assert add_months(long_ago.day("primary_facility_since"), 3) <= today


def test_a_newborn_has_no_nik_and_the_registry_has_it_by_now(today: date) -> None:
    baby, mother = someone("newborn", today), someone("newborn_mother", today)
    assert today - baby.day("birth_date") <= timedelta(days=28)
    assert baby.nik is None
    assert baby.card_number
    assert baby.mother_name == mother.name
    assert mother.account
    (record,) = [
        row for row in mother.registry_family
        if row["nik"] not in column("participants", "nik")
    ]  # fmt: skip
    for name in ("birth_date", "sex", "birth_place", "mother_name"):
        assert record[name] == baby.participant[name]


def test_another_baby_is_not_in_the_registry_and_has_days_left_for_it(today: date) -> None:
    baby, mother = someone("newborn_not_in_registry", today), someone("late_newborn_mother", today)
    assert baby.nik is None
    assert baby.mother_name == mother.name
    assert mother.account
    assert all(row["nik"] in column("participants", "nik") for row in mother.registry_family)
    assert timedelta() < add_months(baby.day("birth_date"), 3) - today < timedelta(days=14)


def test_a_family_is_in_the_registry_and_none_of_it_is_insured(today: date) -> None:
    it = someone("registry_family", today)
    assert not it.account
    assert len(it.registry_family) == 4
    insured = column("participants", "nik")
    assert not any(row["nik"] in insured for row in it.registry_family)


def test_a_member_of_a_family_is_missing_from_the_registry(today: date) -> None:
    head, child = someone("family_with_unknown_child", today), identity("unknown_child", today)
    assert head.registry
    assert not head.participant
    assert child.nik is not None
    assert child.nik[:6] == head.registry["nik"][:6]
    assert child.nik not in {person.nik for person in people(today).values()}
    participant = someone("not_in_registry", today)
    assert participant.participant
    assert not participant.registry


def test_one_member_of_a_family_is_insured_and_the_others_are_not(today: date) -> None:
    head, member = someone("partly_insured_family", today), someone("partly_insured_member", today)
    assert head.registry_family == member.registry_family
    insured = column("participants", "nik")
    assert [it["nik"] in insured for it in head.registry_family].count(True) == 1
    assert member.participant
    fourth = someone("fourth_child", today)
    children = [it for it in fourth.registry_family if it["relationship_code"] == "4"]
    assert [it["nik"] in insured for it in children] == [True, True, True, False]


def test_phones_that_went_stale_are_on_record_with_and_without_an_account(today: date) -> None:
    with_account, without = someone("stale_phone", today), someone("stale_phone_no_account", today)
    assert with_account.account["phone"] == with_account.phone != ""
    assert with_account.account["email"]
    assert without.phone
    assert not without.account


def test_channels_are_missing_one_or_both(today: date) -> None:
    no_email = someone("no_email", today).account
    assert no_email["phone"]
    assert not no_email["email"]
    neither = someone("no_contact", today).account
    assert not neither["phone"] + neither["email"]
    no_account = someone("no_contact_no_account", today)
    assert not no_account.phone + no_account.email
    assert not no_account.account


@pytest.mark.parametrize(
    ("persona", "age", "has_account"),
    [
        ("minor", 12, False),
        ("minor_16", 16, False),
        ("turns_17_tomorrow", 16, False),
        ("just_turned_17", 17, False),
        ("adult_child", 19, True),
        ("turns_21_soon", 20, False),
        ("student_over_21", 23, True),
    ],
)
def test_children_are_at_the_ages_that_rules_name(
    persona: str, age: int, has_account: bool, today: date
) -> None:
    it = someone(persona, today)
    assert it.registry["relationship_code"] == "4"
    assert it.age == age
    assert bool(it.account) is has_account
    if persona == "turns_17_tomorrow":
        born = it.day("birth_date")
        assert add_months(born, 17 * 12) == today + timedelta(days=1)


def test_somebody_died_and_registry_and_membership_say_so(today: date) -> None:
    it = someone("deceased", today)
    assert it.ended_reason == "death"
    assert it.active_until == it.registry["died_on"] == "-40d"
    assert not it.account
    family = someone("family_of_deceased", today)
    assert family.participant in it.relatives
    assert family.account


def test_an_account_has_no_membership(today: date) -> None:
    it = someone("account_without_membership", today)
    assert it.account
    assert it.registry
    assert not it.participant


def test_names_are_unusual(today: date) -> None:
    assert len(someone("name_of_60_letters", today).name) == 60
    # Permendagri 73/2022 counts spaces too; no record holds a longer name.
    assert max(len(row["name"]) for row in rows("registry")) == 60
    assert " " not in someone("name_of_one_word", today).name
    assert "'" in someone("name_with_apostrophe", today).name
    short = someone("abbreviated_name", today)
    assert short.name.replace("Moh.", "Muhammad") == short.registry["name"]


def test_nobody_has_the_unknown_nik(today: date) -> None:
    assert identity("unknown_person", today).nik not in {it.nik for it in people(today).values()}


def test_identities_tell_who_can_sign_in_and_how(today: date) -> None:
    listed = identities(today)
    assert [it.persona for it in listed] == column("personas", "persona")
    assert len({it.persona for it in listed}) == len(listed)
    with_account = {it.nik for it in listed if it.can_sign_in}
    accounts = set(column("accounts", "nik"))
    known = people(today)
    assert with_account == {known[key].nik for key in accounts}
    for it in listed:
        assert it.password == (PASSWORD if it.can_sign_in else None)
        assert it.purpose
        assert it.name
        assert it.nik or it.card_number
    assert identity("newborn", today) in listed


def test_an_identity_is_complete(today: date) -> None:
    assert identity("ppu_active", today) == Identity(
        persona="ppu_active",
        name="Hendra Wibowo",
        nik="3276051703840001",
        card_number="0001340648885",
        birth_date=date(1984, 3, 17),
        phone="+6285400000101",
        password=PASSWORD,
        can_sign_in=True,
        purpose=column("personas", "purpose")[0],
        answers={
            Question.FAMILY_CARD: "3276051402120001",
            Question.MOTHER: "Sri Hartati",
            Question.BIRTH_PLACE: "Depok",
            Question.FACILITY: "Puskesmas Mekarjaya",
            Question.RELATIVE: "Ratna Kusumawati",
        },
    )
    with pytest.raises(LookupError):
        identity("nobody", today)
