"""Finding a village as people type it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jkn.services.basics.village_search import (
    LONGEST,
    MOST,
    SearchOutcome,
    VillageKind,
    kind_of_village,
    search,
)

MEKARJAYA = "32.76.05.1004"


def codes(typed: str) -> list[str]:
    return [it.code for it in search(typed).villages]


@pytest.mark.parametrize(
    "typed",
    [
        "mekarjaya sukmajaya",
        "Mekar Jaya, Sukmajaya",
        "MEKAR JAYA KEC. SUKMAJAYA",
        "kel. mekar jaya kec sukmajaya kota depok",
        "Kelurahan Mekarjaya, Kecamatan Sukmajaya, Kota Depok, Jawa Barat",
        "mekarjaya depok",
        "mekar jaya depok jabar",
        "depok mekar jaya",
        "mekarja sukma",
        "Jl. Melati 4 RT 02 RW 05 Kelurahan Mekar Jaya Kec. Sukmajaya Kota Depok",
        "mekar jaya 16411",
        "16411",
        "kode pos 16411",
        "Kodepos: 16411",
        "16411 depok",
        "\u200emekar jaya,\u00a0sukmajaya\u200e",
    ],
)
def test_every_usual_way_of_writing_a_village_finds_it(typed: str) -> None:
    assert codes(typed) == [MEKARJAYA]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Sawang Ba'u", "11.01.07.2015"),
        ("sawang ba’u", "11.01.07.2015"),
        ("sawang bau", "11.01.07.2015"),
        ("lubuk pakam i,ii", "12.07.28.1007"),
        ("bu nuapu u", "53.07.17.2010"),
        ("OP", "53.02.17.2001"),
        ("kota matsum 4 medan area", "12.71.10.1008"),
    ],
)
def test_signs_numbers_and_the_shortest_names_are_found(typed: str, code: str) -> None:
    found = search(typed)
    assert found.outcome is SearchOutcome.FOUND
    assert found.villages[0].code == code


def test_three_letters_are_found_within_a_name() -> None:
    assert codes("abd") == ["34.02.08.2005"], "Sabdodadi"


def test_a_name_alone_comes_before_names_that_begin_so_and_those_before_the_rest() -> None:
    found = search("pusong")
    assert not found.has_more
    names = [it.village for it in found.villages]
    assert names[:2] == ["Pusong", "Pusong"]
    assert names[2:4] == ["Pusong Baru", "Pusong Lhokseumawe"]
    assert names[4:] == ["Alue Bie Pusong", "Lhok Pusong", "Ulee Pusong"]


def test_a_name_that_many_villages_have_says_that_there_are_more() -> None:
    found = search("sidomulyo")
    assert len(found.villages) == MOST
    assert found.has_more
    assert {it.village for it in found.villages} == {"Sidomulyo", "Sido Mulyo"}
    few = search("sidomulyo godean")
    assert [it.regency for it in few.villages] == ["Kabupaten Sleman"]
    assert not few.has_more


def test_the_longest_name_is_meant_unless_a_comma_ends_it() -> None:
    assert codes("Babakan Losari")[0] == "32.09.04.2012"
    assert codes("Babakan, Losari") == ["33.29.12.2001"]


def test_regency_and_city_of_one_name_are_told_apart_when_the_kind_is_written() -> None:
    both = {it.regency for it in search("pasir mulya, bogor").villages}
    assert both == {"Kota Bogor"}
    of_city = search("cibuluh, kota bogor").villages
    of_regency = search("cimanggis kab. bogor").villages
    assert {it.regency for it in of_city} == {"Kota Bogor"}
    assert {it.regency for it in of_regency} == {"Kabupaten Bogor"}


def test_all_villages_of_a_postal_code_are_found_and_words_choose_among_them() -> None:
    all_of_it = search("99085")
    assert all_of_it.has_more
    (named,) = {it.postal_code for it in all_of_it.villages}
    assert named == "99085"
    first = all_of_it.villages[0]
    chosen = search(f"{first.village} 99085")
    assert first.code in [it.code for it in chosen.villages]
    assert len(chosen.villages) < MOST


@pytest.mark.parametrize(
    ("typed", "outcome"),
    [
        ("", SearchOutcome.NOTHING_TYPED),
        (" \t\n", SearchOutcome.NOTHING_TYPED),
        ("\0", SearchOutcome.NOTHING_TYPED),
        ("%", SearchOutcome.NOTHING_TYPED),
        ("__%';--", SearchOutcome.NOTHING_TYPED),
        ("😀🏠", SearchOutcome.NOTHING_TYPED),
        ("x", SearchOutcome.TOO_SHORT),
        ("a" * 1_000_000, SearchOutcome.TOO_LONG),
        ("a" * (LONGEST + 1), SearchOutcome.TOO_LONG),
        ("a" * LONGEST, SearchOutcome.UNKNOWN_NAME),
        ("1641", SearchOutcome.NOT_FIVE_DIGITS),
        ("kode pos 164111", SearchOutcome.NOT_FIVE_DIGITS),
        ("00000", SearchOutcome.UNKNOWN_POSTAL_CODE),
        ("١٦٤١١", SearchOutcome.UNKNOWN_NAME),
        ("１６４１１", SearchOutcome.FOUND),
        ("москва", SearchOutcome.UNKNOWN_NAME),
        ("desa tidak ada sama sekali", SearchOutcome.UNKNOWN_NAME),
        ("mekarjaya\0sukmajaya", SearchOutcome.FOUND),
        (",,,,", SearchOutcome.NOTHING_TYPED),
        ("a b c d e f g h i j k l m n o p", SearchOutcome.UNKNOWN_NAME),
        ("\ud800", SearchOutcome.NOTHING_TYPED),
    ],
)
def test_whatever_is_typed_gets_a_clear_answer(typed: str, outcome: SearchOutcome) -> None:
    found = search(typed)
    assert found.outcome is outcome
    assert bool(found.villages) is (outcome is SearchOutcome.FOUND)


@given(st.text(max_size=LONGEST + 5))
def test_no_text_is_an_error(typed: str) -> None:
    found = search(typed)
    assert len(found.villages) <= MOST
    assert bool(found.villages) is (found.outcome is SearchOutcome.FOUND)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (MEKARJAYA, VillageKind.KELURAHAN),
        ("11.01.01.2001", VillageKind.DESA),
        ("91.03.01.3001", VillageKind.DESA_ADAT),
        ("32.76.05", None),
        ("32.76.05.9001", None),
    ],
)
def test_a_code_says_what_kind_of_village_it_is(code: str, kind: VillageKind | None) -> None:
    assert kind_of_village(code) is kind
