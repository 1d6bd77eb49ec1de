"""What people write in many ways is compared in one."""

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
def test_one_person(written: str) -> None:
    assert person_name(written) == "siti aminah"


@pytest.mark.parametrize(
    "written", ["Muhammad Rizki", "M. Rizki", "Moh Rizki", "Mohd. Rizki", "muhamad rizki"]
)
def test_one_muhammad(written: str) -> None:
    assert person_name(written) == "muhammad rizki"


@pytest.mark.parametrize("written", ["Ma'ruf", "Maruf", "Ma’ruf", "MA`RUF"])
def test_apostrophes_join(written: str) -> None:
    assert person_name(written) == "maruf"


@pytest.mark.parametrize(
    ("one", "other"),
    [("Siti Aminah", "Siti Aminah Rahayu"), ("Siti Aminah", "Aminah Siti"), ("Budi", "Budiman")],
)
def test_other_people_stay_others(one: str, other: str) -> None:
    assert person_name(one) != person_name(other)


def test_who_is_called_like_a_title_keeps_the_name() -> None:
    assert person_name("Tuan") == "tuan"
    assert person_name("Haji") != person_name("Ibu")


@pytest.mark.parametrize(
    "written", ["Bogor", "KOTA BOGOR", "Kab. Bogor", "kabupaten bogor", "Bogor."]
)
def test_one_place(written: str) -> None:
    assert place_name(written) == "bogor"


@pytest.mark.parametrize(
    "written",
    ["Puskesmas Kemiri Muka", "PKM Kemiri Muka", "kemiri muka", "UPT Puskesmas Kemiri-Muka"],
)
def test_one_facility(written: str) -> None:
    assert facility_name(written) == "kemiri muka"


@pytest.mark.parametrize("spelt", [person_name, place_name, facility_name])
@pytest.mark.parametrize("nothing", ["", "  ", "...", "😀", "\u200b", ","])
def test_nothing_stays_nothing(spelt: object, nothing: str) -> None:
    assert callable(spelt)
    assert spelt(nothing) == ""
