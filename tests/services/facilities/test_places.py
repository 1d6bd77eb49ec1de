"""Regencies and districts by names as people write them."""

import csv
from pathlib import Path

import pytest

from jkn.services.basics.region_list import region
from jkn.services.facilities import places
from jkn.services.facilities.places import RegionFound, by_code, by_names

ALIASES = Path(places.__file__).with_name("place_aliases.csv")


@pytest.mark.parametrize(
    ("province", "regency", "district", "code"),
    [
        ("", "KOTA DEPOK", "Sukmajaya", "32.76.05"),
        ("Jawa Barat", "Kab. Bogor", "Cibinong", "32.01.01"),
        ("Jawa Barat", "Kota Bogor", "", "32.71"),
        ("", "Kab. Lima Puluh Kota", "Harau", "13.07.05"),
        ("DKI Jakarta", "Kota Adm. Jakarta Pusat", "Menteng", "31.71.06"),
        ("", "Jakarta Pusat", "", "31.71"),
        ("", "Kota Pontianak", "", "61.71"),
        ("", "Pontianak", "", "61.71"),
        ("", "Gunung Kidul", "", "34.03"),
        # Only the district tells which of two regencies is meant, or the province.
        ("", "Bogor", "Cibinong", "32.01.01"),
        ("Kalimantan Selatan", "Banjar", "", "63.03"),
        ("", "Kota Banjar", "", "32.79"),
        # Papua before 2022.
        ("Papua", "Kab. Merauke", "", "93.01"),
    ],
)
def test_a_place_is_found_by_its_name(
    province: str, regency: str, district: str, code: str
) -> None:
    expected = RegionFound(code[:5], code if len(code) > 5 else None)
    assert by_names(province, regency, district) == expected


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Kab. Toba Samosir", "12.12"),
        ("Mamuju Utara", "76.01"),
        ("KAB. MALUKU TENGGARA BARAT", "81.03"),
        ("O.K.U Timur", "16.08"),
        ("T.T.S Soe", "53.02"),
        ("Tanjab Bar", "15.06"),
        ("Pangkep", "73.10"),
        ("Kutai Kertanegara", "64.02"),
        ("Bouven Digul", "93.02"),
        # There is no regency of that name, but a city.
        ("Kab. Salatiga", "33.73"),
        # The city of that name is another place than the regency was.
        ("Kab. Pontianak", "61.02"),
        ("Kabupaten Kendari", "74.02"),
    ],
)
def test_an_old_short_or_wrong_name_is_understood(written: str, code: str) -> None:
    assert by_names("", written, "") == RegionFound(code, None, is_mended=True)


@pytest.mark.parametrize("written", ["", "-", "Bogor", "Kesehatanbandar", "Kabupaten", "%", "Kota"])
def test_a_name_that_may_mean_two_places_or_none_means_none(written: str) -> None:
    found = by_names("", written, "")
    assert (found.regency_code, found.district_code) == (None, None)


def test_a_district_is_looked_for_in_its_regency_alone() -> None:
    assert by_names("", "Kota Depok", "Cibinong") == RegionFound("32.76", None)


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("32.76", RegionFound("32.76")),
        ("3276", RegionFound("32.76")),
        ("32.76.05", RegionFound("32.76", "32.76.05")),
        ("327605", RegionFound("32.76", "32.76.05")),
        ("92.01", RegionFound("96.01", None, is_mended=True)),
        ("920105", RegionFound("96.01", None, is_mended=True)),
        ("64.73", RegionFound("65.71", None, is_mended=True)),
        ("54.03", None),
        ("99.99", None),
        ("32", None),
        ("٣٢٧٦", None),
        ("", None),
    ],
)
def test_a_code_is_read_with_dots_and_without(code: str, found: RegionFound | None) -> None:
    assert by_code(code) == found


def test_every_alias_stands_for_a_regency_and_none_is_needless() -> None:
    with ALIASES.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len({row["written"] for row in rows}) == len(rows) > 40
    for row in rows:
        assert region(row["code"]), row
        assert row["why"], row
        assert by_names("", row["written"], "") == RegionFound(row["code"], None, is_mended=True)
