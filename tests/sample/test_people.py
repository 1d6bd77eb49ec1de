"""The people of the sample world look real, and are nobody real."""

import re
from collections import Counter
from datetime import date

import pytest

from jkn.gateways.regions import parse_mobile_number, parse_nik
from jkn.models import Participant, ParticipantKind, Segment
from jkn.sample.dates import resolve
from jkn.sample.world import Row, day, nik_of, people, rows
from jkn.services.basics.dated_rules import care_class_on, price_on
from jkn.services.basics.region_list import region
from jkn.services.membership.membership import pays_by_itself
from tests.support.world.as_of import DAYS, column, someone
from tests.support.world.rule_folders import bind_rules

every_day = pytest.mark.parametrize("today", DAYS, ids=str)

RELATIONSHIPS = {"head": "1", "husband": "2", "wife": "3", "child": "4", "parent": "7"}
KINDS = {
    "pbi_jk": {"pbi_national"},
    "pbpu_bp_pemda": {"pbi_regional"},
    "ppu_state": {"civil_servant", "military", "police"},
    "ppu_company": {"private_employee"},
    "pbpu": {"self_employed"},
    "bp": {"state_pensioner", "non_worker"},
}


def everyone() -> list[Row]:
    return [*rows("participants"), *rows("registry")]


def villages() -> dict[str, str]:
    """Where each key of `people()` lives."""
    homes = {row["family"]: row["village_code"] for row in rows("families")}
    found = {row["nik"]: row["village_code"] for row in rows("registry")}
    for row in rows("participants"):
        found[row["nik"] or row["card_number"]] = homes[row["family"]]
    return found


def test_the_world_is_large_enough() -> None:
    homes = set(villages().values())
    assert len(column("families", "family")) >= 12
    assert len(column("participants", "card_number")) >= 45
    assert len({it[:5] for it in homes}) == 6
    assert len({it[:2] for it in homes}) == 4


@every_day
def test_a_nik_agrees_with_district_birth_date_and_sex(today: date) -> None:
    homes = villages()
    differing = set()
    for row in everyone():
        nik = nik_of(row, today)
        if nik is None:
            continue
        parts = parse_nik(nik, today=today)
        assert parts is not None, f"{nik} is no NIK"
        assert parts.district_code == homes[row["nik"]][:8]
        assert parts.sex == row["sex"]
        if parts.birth_date != resolve(row["birth_date"], today):
            differing.add(row["name"])
    assert differing == {someone("birth_date_differs", today).name}


@every_day
def test_no_two_people_have_one_nik(today: date) -> None:
    for table in ("participants", "registry"):
        niks = [nik for row in rows(table) if (nik := nik_of(row, today))]
        assert Counter(niks).most_common(1)[0][1] == 1
    keys = Counter(person.nik for person in people(today).values() if person.nik)
    assert keys.most_common(1)[0][1] == 1


def test_card_numbers_have_13_digits_and_give_each_head_an_own_virtual_account() -> None:
    numbers = column("participants", "card_number")
    assert all(re.fullmatch(r"000[12][0-9]{9}", number) for number in numbers)
    # A virtual account is the bank's prefix and the last 11 digits.
    assert len({number[-11:] for number in numbers}) == len(numbers)


def test_one_family_card_number_is_one_family_in_one_home() -> None:
    home = ("street", "rt", "rw", "village_code", "postal_code")
    homes: dict[str, tuple[str, ...]] = {}
    for row in [*rows("families"), *rows("registry")]:
        number = row["family_card_number"]
        assert re.fullmatch(r"[0-9]{16}", number)
        assert number.startswith(row["village_code"][:8].replace(".", ""))
        assert homes.setdefault(number, tuple(row[name] for name in home)) == tuple(
            row[name] for name in home
        )
    assert len(set(homes.values())) == len(homes)
    insured = column("families", "family_card_number")
    assert len(set(insured)) == len(insured)


def test_every_village_exists_and_has_this_postal_code() -> None:
    for row in [*rows("families"), *rows("registry")]:
        village = region(row["village_code"])
        assert village is not None
        assert village.village is not None
        assert village.postal_code == row["postal_code"]
        assert re.fullmatch(r"[0-9]{3}", row["rt"])
        assert re.fullmatch(r"[0-9]{3}", row["rw"])


def test_every_family_card_has_one_head_and_at_most_one_spouse() -> None:
    for codes in _codes_by_family().values():
        assert codes.count("1") == 1
        assert codes.count("2") + codes.count("3") <= 1
        assert set(codes) <= set(RELATIONSHIPS.values())


def _codes_by_family() -> dict[str, list[str]]:
    codes: dict[str, list[str]] = {}
    for row in rows("registry"):
        codes.setdefault(row["family_card_number"], []).append(row["relationship_code"])
    return codes


def test_husbands_are_men_and_wives_are_women() -> None:
    sexes = {row["relationship"]: row["sex"] for row in rows("participants")}
    assert sexes["husband"] == "M"
    for row in rows("participants"):
        if row["relationship"] in ("husband", "wife"):
            assert row["sex"] == sexes[row["relationship"]]


def test_the_registry_agrees_with_the_participants_except_where_a_rule_needs_it() -> None:
    today = DAYS[0]
    families = {row["family"]: row["family_card_number"] for row in rows("families")}
    registry = {row["nik"]: row for row in rows("registry")}
    names, missing = set(), set()
    for row in rows("participants"):
        record = registry.get(row["nik"])
        if record is None:
            missing.add(row["name"])
            continue
        for name in ("birth_place", "birth_date", "sex", "mother_name"):
            assert record[name] == row[name], row["name"]
        assert record["family_card_number"] == families[row["family"]]
        assert record["relationship_code"] == RELATIONSHIPS[row["relationship"]]
        if record["name"] != row["name"]:
            names.add(row["name"])
    assert names == {someone("abbreviated_name", today).name}
    assert missing == {
        someone(it, today).name for it in ("newborn", "newborn_not_in_registry", "not_in_registry")
    }


@every_day
def test_mothers_on_the_card_are_old_enough_to_be_mothers(today: date) -> None:
    women = {
        (row["family_card_number"], row["name"]): resolve(row["birth_date"], today)
        for row in rows("registry")
        if row["sex"] == "F"
    }
    pairs = 0
    for row in rows("registry"):
        mother = women.get((row["family_card_number"], row["mother_name"]))
        if mother is not None:
            pairs += 1
            assert 16 <= resolve(row["birth_date"], today).year - mother.year <= 45
    assert pairs > 30


@every_day
def test_a_membership_runs_in_order(today: date) -> None:
    for row in rows("participants"):
        born = resolve(row["birth_date"], today)
        begins = resolve(row["active_from"], today)
        assert born < begins <= today, row["name"]
        assert begins <= resolve(row["care_class_since"], today) <= today, row["name"]
        assert begins <= resolve(row["primary_facility_since"], today) <= today, row["name"]
        ends = day(row["active_until"], today)
        assert (ends is None) == (row["ended_reason"] == "")
        assert ends is None or ends > begins


@every_day
def test_nobody_opened_an_account_before_17_or_in_the_future(today: date) -> None:
    known = people(today)
    for row in rows("accounts"):
        opened = resolve(row["created_on"], today)
        born = known[row["nik"]].birth_date
        assert opened <= today
        assert (opened.year - 17, opened.month, opened.day) >= (born.year, born.month, born.day)


def test_segments_and_kinds_belong_together_and_a_family_has_one_of_each() -> None:
    by_family: dict[str, set[tuple[str, str, str]]] = {}
    for row in rows("participants"):
        assert row["kind"] in KINDS[row["segment"]]
        entry = (row["segment"], row["kind"], row["care_class"])
        by_family.setdefault(row["family"], set()).add(entry)
    assert {row["segment"] for row in rows("participants")} == set(KINDS)
    assert all(len(entries) == 1 for entries in by_family.values())


@every_day
def test_exactly_the_families_that_pay_have_a_last_month_paid(today: date) -> None:
    segments = {row["family"]: row["segment"] for row in rows("participants")}
    for row in rows("families"):
        paid_through = day(row["paid_through"], today)
        assert (paid_through is not None) == (segments[row["family"]] in ("pbpu", "bp"))
        assert paid_through is None or (paid_through.day == 1 and paid_through <= today)


def test_classes_are_those_of_the_rules_and_who_pays_by_themselves_has_a_price() -> None:
    bind_rules()
    for row in rows("participants"):
        for today in DAYS:
            since = resolve(row["care_class_since"], today)
            assert care_class_on(row["care_class"], since).code == row["care_class"]
        kind = ParticipantKind(row["kind"])
        it = Participant(segment=Segment(row["segment"]), kind=kind)
        assert pays_by_itself(it) == (price_on(row["care_class"], kind, DAYS[0]) is not None)


def test_people_who_are_paid_for_by_the_state_have_class_three() -> None:
    paid_for = [it for it in rows("participants") if it["segment"] in ("pbi_jk", "pbpu_bp_pemda")]
    assert {it["care_class"] for it in paid_for} == {"3"}


def test_phones_are_of_a_range_that_no_operator_has_and_each_is_one_persons() -> None:
    phones = column("participants", "phone")
    assert len(set(phones)) == len(phones)
    for phone in [*phones, *column("accounts", "phone")]:
        assert phone.startswith("+628540000")
        assert parse_mobile_number(phone) == phone


def test_e_mail_addresses_are_of_the_sample_domain_and_each_is_one_persons() -> None:
    emails = column("participants", "email")
    assert len(set(emails)) == len(emails)
    everywhere = [*emails, *column("accounts", "email")]
    assert all(re.fullmatch(r"[a-z.]+@contoh\.example", it) for it in everywhere)


def test_an_account_has_the_channels_of_its_participant() -> None:
    channels = {it["nik"]: (it["phone"], it["email"]) for it in rows("participants")}
    accounts = {it["nik"]: (it["phone"], it["email"]) for it in rows("accounts")}
    assert len(accounts) == len(list(rows("accounts")))
    for nik in accounts.keys() & channels.keys():
        assert accounts[nik] == channels[nik]
    assert accounts.keys() - channels.keys() == {
        someone("account_without_membership", DAYS[0]).registry["nik"]
    }
