"""The list of regions as a file: the same as the library's, found by code."""

import pytest

from jkn.gateways import regions
from jkn.gateways.regions import Region
from jkn.services.basics import region_list
from jkn.services.basics.region_list import name_key, parts, place_key, region
from jkn.settings import ROOT


def test_the_file_holds_what_the_library_has() -> None:
    """If it fails with a newer library: `python -m jkn.services.basics.region_list`."""
    file = ROOT / "jkn" / "services" / "basics" / "region_list_data" / "regions.csv"
    assert file.read_text(encoding="utf-8") == region_list.as_the_library_has_it()


@pytest.mark.parametrize(
    "code",
    # The first and the last village, names with signs and commas, and every level.
    "11.01.01.2001 96.71.10.1004 32.76.05.1004 73.06.08.1001 12.07.26.2004 34 34.04 34.04.07"
    " 92.01 91.28".split(),
)
def test_a_region_is_the_one_that_the_library_has(code: str) -> None:
    assert region(code) == regions.region(code) != None  # noqa: E711  both must be there


@pytest.mark.parametrize(
    "code",
    [
        "",
        "0",
        "99",
        "32.99",
        "32.76.05.9999",
        "3276",
        "32.76.05x",
        "32.76.05.1004 ",
        "00.00.00.0000",
    ],
)
def test_a_code_that_no_region_has_is_unknown(code: str) -> None:
    assert region(code) is None


def test_parts_are_all_those_of_the_library_by_name() -> None:
    for code in ("32", "32.76", "32.76.05", "95.03", "12.07"):
        found = parts(code)
        assert sorted(it.code for it in found) == regions.codes_in(code)
        names = [it.name.casefold() for it in found]
        assert names == sorted(names)
    assert len(parts("")) == 38


@pytest.mark.parametrize("code", ["99", "32.76.99", "32.76.05.1004", "x"])
def test_a_village_and_an_unknown_region_have_no_parts(code: str) -> None:
    assert parts(code) == []


def test_the_last_district_of_the_file_has_its_villages() -> None:
    assert [it.name for it in parts("96.71.10")][-1] == "Tanjung Kasuari"


def test_a_village_has_its_postal_code_and_everything_above_it() -> None:
    expected = Region(
        "32.76.05.1004", "Jawa Barat", "Kota Depok", "Sukmajaya", "Mekarjaya", "16411"
    )
    assert region("32.76.05.1004") == expected
    assert place_key("32.76.05.1004") == "sukmajaya|kotadepok|jawabarat"


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("Sawang Ba'u", "sawang ba’u"),
        ("KEL. Mekar-Jaya", "mekarjaya"),
        ("Ulu 4", "Ulu IV"),
        ("2 x 11 Anam Lingkuang", "II X XI Anam Lingkuang"),
        ("Kampung Baru 39", "Kampung Baru XXXIX"),
        ("Sei Rampah/Firdaus", "sei rampah firdaus"),
        ("Désa Makmur", "Makmur"),
    ],
)
def test_names_that_are_written_in_two_ways_compare_alike(written: str, same: str) -> None:
    assert name_key(written) == name_key(same)


def test_what_is_no_number_of_a_village_stays() -> None:
    assert name_key("Tumpok 40") == "tumpok40"
    assert name_key("Musara ٤") == "musara٤"
    assert name_key("Desa") == "desa"
