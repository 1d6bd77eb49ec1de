"""Name matching: names, places and facilities that people write in many ways are compared in
one."""

import pytest

from jkn.services.basics.name_matching import facility_name, person_name, place_name


@pytest.mark.parametrize(
    "written",
    [
        "Siti Aminah",
        "SITI AMINAH",
        "  siti   aminah ",
        "St. Aminah",
        "Hj. Siti Aminah",
        "dr. Siti Aminah",
        "Siti Aminah, S.Pd., M.M.",
        "Almh. Siti Aminah",
        "Síti Aminah",
        "\uff33iti Aminah",
    ],
)
def test_every_way_to_write_a_name_is_one_name(written: str) -> None:
    assert person_name(written) == "siti aminah"


@pytest.mark.parametrize(
    "written", ["Muhammad Rizki", "M. Rizki", "Moh Rizki", "Mohd. Rizki", "muhamad rizki"]
)
def test_every_spelling_of_muhammad_is_one_name(written: str) -> None:
    assert person_name(written) == "muhammad rizki"


@pytest.mark.parametrize("written", ["Ma'ruf", "Maruf", "Ma’ruf", "MA`RUF"])
def test_apostrophes_are_dropped(written: str) -> None:
    assert person_name(written) == "maruf"


@pytest.mark.parametrize(
    ("one", "other"),
    [("Siti Aminah", "Siti Aminah Rahayu"), ("Siti Aminah", "Aminah Siti"), ("Budi", "Budiman")],
)
def test_names_of_other_people_stay_different(one: str, other: str) -> None:
    assert person_name(one) != person_name(other)


def test_a_name_that_is_also_a_title_is_kept() -> None:
    assert person_name("Tuan") == "tuan"
    assert person_name("Haji") != person_name("Ibu")


@pytest.mark.parametrize(
    "written", ["Bogor", "KOTA BOGOR", "Kab. Bogor", "kabupaten bogor", "Bogor."]
)
def test_every_way_to_write_a_place_is_one_place(written: str) -> None:
    assert place_name(written) == "bogor"


@pytest.mark.parametrize(
    "written",
    ["Puskesmas Kemiri Muka", "PKM Kemiri Muka", "kemiri muka", "UPT Puskesmas Kemiri-Muka"],
)
def test_every_way_to_write_a_facility_is_one_facility(written: str) -> None:
    assert facility_name(written) == "kemiri muka"


@pytest.mark.parametrize("spelt", [person_name, place_name, facility_name])
@pytest.mark.parametrize("nothing", ["", "  ", "...", "😀", "\u200b", ","])
def test_a_text_without_letters_becomes_empty(spelt: object, nothing: str) -> None:
    assert callable(spelt)
    assert spelt(nothing) == ""
