"""Where regions lie, from the file that comes with the app."""

import csv
from importlib import resources

from jkn.gateways.region_points import point_of_region
from jkn.gateways.regions import everything

POINTS = resources.files("jkn.gateways") / "region_points_data" / "points.csv"


def test_every_line_of_the_file_is_found() -> None:
    with POINTS.open(encoding="utf-8") as file:
        for number, row in enumerate(csv.DictReader(file)):
            if number % 97 == 0 or row["kode"] in ("11", "96.71.10.1004"):
                expected = (float(row["lat"]), float(row["lng"]))
                assert point_of_region(row["kode"]) == expected, row


def _is_its_own(code: str) -> bool:
    return point_of_region(code) not in (None, point_of_region(code.rpartition(".")[0]))


def test_every_regency_and_district_has_a_point_of_its_own() -> None:
    codes = [code for code, _, _ in everything() if len(code) <= len("32.76.05")]
    assert len(codes) == 38 + 514 + 7285
    # In a list that is sorted, each line is found like its neighbours.
    assert [it for it in sorted(codes)[::7] if not _is_its_own(it)] == []


def test_a_village_without_a_point_lies_in_its_district() -> None:
    district = point_of_region("13.06.01")
    assert district is not None
    assert point_of_region("13.06.01.2004") == district


def test_what_is_no_region_lies_nowhere() -> None:
    for code in ("", "0", "99", "99.01", "3276", "32.76.05.1004\n", "kode", "32,76", "١١"):
        assert point_of_region(code) is None, code
