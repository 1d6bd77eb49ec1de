"""Grown people look real, are nobody real, and are the same each time."""

import re
from collections import Counter
from itertools import chain, islice

import pytest

from jkn.gateways.regions import parse_mobile_number, parse_nik
from jkn.models import ParticipantKind, Relationship, Segment
from jkn.sample.grown_people import (
    MOST,
    GrownFamily,
    card_number,
    family,
    family_of_person,
    head_of,
)
from jkn.sample.grown_places import facilities_in, place_of
from jkn.sample.world import nik_of, rows
from jkn.services.basics.dated_rules import care_class_on
from jkn.services.basics.region_list import region
from tests.sample.test_people import KINDS
from tests.support.world.as_of import DAYS, column
from tests.support.world.rule_folders import bind_rules

# After this many families the districts repeat.
ONCE_ROUND = 40 * 518


pytestmark = pytest.mark.xdist_group("grown people")


@pytest.fixture(scope="module")
def families() -> list[GrownFamily]:
    """A sample: the first families, and some with high numbers."""
    last = family_of_person(MOST - 1)
    numbers = chain(range(1200), range(0, last, last // 700), range(last - 100, last))
    return [family(number) for number in numbers]


def test_a_running_number_is_the_same_person_for_ever() -> None:
    first, later = family(0).members[0], family(123_456).members[1]
    assert (first.nik, first.card_number) == ("1171010110921000", "0009000000000")
    assert (later.nik, later.name) == ("3674015210252729", "Tiara Indah Gumelar")
    assert family(123_456) == family(123_456)


def test_people_are_numbered_without_gaps_family_by_family() -> None:
    members = chain.from_iterable(family(number).members for number in range(200))
    for number, member in enumerate(islice(members, 500)):
        assert member.number == number
        assert member.card_number == card_number(number)
        found = family_of_person(number)
        assert head_of(found) <= number < head_of(found + 1)
        assert member in family(found).members


def test_a_nik_agrees_with_district_birth_date_and_sex(families: list[GrownFamily]) -> None:
    for it in families:
        for member in it.members:
            parts = parse_nik(member.nik, today=DAYS[0])
            assert parts is not None, member.nik
            assert parts.district_code == it.place.district_code
            assert (parts.birth_date, parts.sex) == (member.birth_date, member.sex)


def test_numbers_are_one_persons_only_in_a_district_that_fills_up_to_the_last() -> None:
    """Numbers begin with the district, so that no other district can give the same ones."""
    niks: Counter[str] = Counter()
    kinds_of_days: Counter[tuple[str, int]] = Counter()
    family_cards: Counter[str] = Counter()
    last = family_of_person(MOST - 1)
    for begin in range(0, last, ONCE_ROUND):
        for number in range(begin, min(begin + 40, last + 1)):
            it = family(number)
            assert it.place.district_code == "11.71.01"
            for member in it.members:
                niks[member.nik] += 1
                kinds_of_days[member.nik[-4:], member.birth_date.toordinal() % 16] += 1
            family_cards[it.family_card_number] += 1
    assert len(family_cards) > 5_000
    for counted in (niks, family_cards):
        assert counted.most_common(1)[0][1] == 1
        assert all(re.fullmatch(r"117101[0-9]{10}", number) for number in counted)
    # Not by luck: who shares a serial is born on days of different kinds.
    assert kinds_of_days.most_common(1)[0][1] == 1


def test_no_number_is_one_of_the_sample_world_or_could_be_somebodys(
    families: list[GrownFamily],
) -> None:
    sample = {nik_of(row, day) for row in rows("registry") for day in DAYS}
    sample |= {*column("participants", "card_number"), *column("families", "family_card_number")}
    for it in families:
        assert it.family_card_number not in sample
        for member in it.members:
            assert not {member.nik, member.card_number} & sample
            # Serials count the births of one day in one district.
            assert int(member.nik[-4:]) >= 1000
            assert re.fullmatch(r"0009[0-9]{9}", member.card_number)


def test_phones_are_of_a_range_that_no_operator_has_and_each_is_one_persons(
    families: list[GrownFamily],
) -> None:
    members = {member.number: member for it in families for member in it.members}
    phones = [it.phone for it in members.values() if it.phone]
    assert len(set(phones)) == len(phones)
    assert not set(phones) & set(column("participants", "phone"))
    for phone in phones:
        assert phone.startswith("+62854")
        assert parse_mobile_number(phone) == phone


def test_families_are_of_sizes_that_families_have(families: list[GrownFamily]) -> None:
    sizes = Counter(len(it.members) for it in families)
    assert set(sizes) == set(range(1, 8))
    assert 3.2 < sum(size * count for size, count in sizes.items()) / len(families) < 3.9
    for it in families:
        places = [member.relationship for member in it.members]
        assert places[0] is Relationship.HEAD
        assert places.count(Relationship.HEAD) == 1
        assert places.count(Relationship.HUSBAND) + places.count(Relationship.WIFE) <= 1


def test_husbands_are_men_and_wives_are_women(families: list[GrownFamily]) -> None:
    expected = {Relationship.HUSBAND: "M", Relationship.WIFE: "F"}
    other = {"M": "F", "F": "M"}
    for it in families:
        for member in it.members:
            if member.relationship in expected:
                assert member.sex == expected[member.relationship]
                assert it.members[0].sex == other[member.sex]


def test_a_childs_mother_is_in_the_family_and_old_enough(families: list[GrownFamily]) -> None:
    pairs = 0
    for it in families:
        for child in it.members:
            if child.relationship is Relationship.CHILD:
                (mother,) = (
                    member
                    for member in it.members
                    if (member.name, member.sex) == (child.mother_name, "F")
                )
                pairs += 1
                assert 18 <= child.birth_date.year - mother.birth_date.year <= 45
    assert pairs > 2_000


def test_people_are_of_every_age_and_heads_are_grown_up(families: list[GrownFamily]) -> None:
    today = DAYS[0]
    ages = Counter(
        (today - member.birth_date).days // 3653 for it in families for member in it.members
    )
    assert set(range(9)) <= set(ages)
    assert all((today - it.members[0].birth_date).days > 24 * 365 for it in families)
    assert all(
        (today - member.birth_date).days < 99 * 365 for it in families for member in it.members
    )


def test_every_segment_and_kind_is_there_and_they_belong_together(
    families: list[GrownFamily],
) -> None:
    bind_rules()
    assert {it.segment for it in families} == set(Segment)
    assert {it.kind for it in families} == set(ParticipantKind)
    for it in families:
        assert it.kind in KINDS[it.segment]
        assert care_class_on(it.care_class, it.insured_since).code == it.care_class
        if it.segment in (Segment.PBI_JK, Segment.PBPU_BP_PEMDA):
            assert it.care_class == "3"


def test_families_live_in_villages_that_exist_of_provinces_all_over_the_country(
    families: list[GrownFamily],
) -> None:
    for it in families:
        village = region(it.village_code)
        assert village is not None
        assert village.postal_code == it.postal_code
        assert it.village_code.startswith(it.place.district_code)
        assert it.family_card_number.startswith(it.place.digits)
    assert len({it.village_code[:2] for it in families}) >= 30


def test_every_district_is_settled_once_before_any_is_settled_again() -> None:
    firsts = [place_of(number) for number in range(0, ONCE_ROUND, 40)]
    assert all(is_first for _, _, is_first in firsts)
    assert len({place.district_code for place, _, _ in firsts}) == len(firsts)
    place, before, is_first = place_of(ONCE_ROUND)
    assert (place.district_code, before, is_first) == (firsts[0][0].district_code, 40, False)


def test_facilities_stand_in_their_district_and_take_no_code_of_the_sample_world() -> None:
    taken = set(column("facilities", "code"))
    for number in range(0, ONCE_ROUND, 40):
        place, _, _ = place_of(number)
        found = facilities_in(place)
        assert {it["kind"].value for it in found} == {
            "puskesmas", "primary_clinic", "doctor", "dentist", "hospital"
        }  # fmt: skip
        for it in found:
            assert re.fullmatch(place.digits[:4] + "[PBUGR][0-9]{3}", it["code"])
            assert it["code"] not in taken
            taken.add(it["code"])
            assert it["address"].endswith(f", {place.district}")
            assert (it["regency_code"], it["district_code"]) == (
                place.district_code[:5],
                place.district_code,
            )
            assert abs(it["latitude"] - place.latitude) < 0.031
            assert abs(it["longitude"] - place.longitude) < 0.031
            assert -11 < it["latitude"] < 6
            assert 95 < it["longitude"] < 141
            assert 0 <= it["enrolled"] <= it["capacity"]
