"""The list of regions as a file: the same as the library's, found by code."""

import pytest

from jkn.gateways.regions import Region
from jkn.services.basics import region_list
from jkn.services.basics.region_list import name_key, parts, place_key, regencies, region
from jkn.settings import ROOT


def test_the_file_holds_what_the_library_has() -> None:
    """If it fails with a newer library: `python -m jkn.services.basics.region_list`."""
    file = ROOT / "jkn" / "services" / "basics" / "region_list_data" / "regions.csv"
    assert file.read_text(encoding="utf-8") == region_list.as_the_library_has_it()


def test_a_village_comes_with_everything_above_it_and_its_postal_code() -> None:
    assert region("73.06.08.1001") == Region(
        code="73.06.08.1001",
        province="Sulawesi Selatan",
        regency="Kabupaten Gowa",
        district="Somba Opu",
        village="Sungguminasa",
        postal_code="92111",
    )


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("34", Region("34", "Daerah Istimewa Yogyakarta")),
        ("34.04", Region("34.04", "Daerah Istimewa Yogyakarta", "Kabupaten Sleman")),
        ("34.04.07", Region("34.04.07", "Daerah Istimewa Yogyakarta", "Kabupaten Sleman", "Depok")),
    ],
)
def test_a_shorter_code_has_no_names_below_its_level(code: str, expected: Region) -> None:
    assert region(code) == expected


@pytest.mark.parametrize(
    "code",
    [
        "",
        "0",
        "00",
        "99",
        "32.99",
        "32.76.99",
        "32.76.05.9999",
        "3276",
        "32.76.",
        " 32",
        "32\n",
        "３２",
    ],
)
def test_a_code_that_no_region_has_is_unknown(code: str) -> None:
    assert region(code) is None


@pytest.mark.parametrize("code", ["92.01.05", "92.01.05.2003", "92.01"])
def test_a_code_of_the_past_gives_the_names_of_today_down_to_the_regency(code: str) -> None:
    assert region(code) == Region("96.01", "Papua Barat Daya", "Kabupaten Sorong")


def test_a_regency_that_was_renamed_when_it_moved_has_its_name_of_today() -> None:
    assert region("64.73.01.1001") == Region("65.71", "Kalimantan Utara", "Kota Tarakan")
    assert region("73.25.01") == Region("76.01", "Sulawesi Barat", "Kabupaten Pasangkayu")


@pytest.mark.parametrize("code", ["54", "54.03", "54.03.05.2001"])
def test_of_a_place_in_timor_timur_the_province_is_all_that_is_known(code: str) -> None:
    assert region(code) == Region("54", "Timor Timur")
    assert parts(code) == []


def test_parts_are_one_level_below_and_in_the_order_of_their_names() -> None:
    for code, count in (("32", 27), ("32.76", 11), ("32.76.05", 6), ("", 38)):
        found = parts(code)
        assert len(found) == count
        assert {it.code.rpartition(".")[0] for it in found} == {code}
        names = [it.name.casefold() for it in found]
        assert names == sorted(names)


def test_regencies_are_all_of_them_in_order() -> None:
    codes = [it.code for it in regencies()]
    assert len(codes) == 514
    assert codes == sorted(codes)


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
