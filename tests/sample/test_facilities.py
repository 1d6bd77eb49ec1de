"""The sample facilities stand where they say, and people use those of their own regency."""

import math
import re
from collections import Counter

from jkn.models import FacilityKind
from jkn.sample.world import Row, rows
from jkn.services.basics.region_list import region

# A point inside the built-up part of each regency, and how far its facilities may lie.
REGENCIES = {
    "32.76": (-6.395, 106.845, 10),
    "32.01": (-6.484, 106.843, 9),
    "34.04": (-7.730, 110.385, 9),
    "35.78": (-7.295, 112.760, 9),
    "73.71": (-5.140, 119.450, 13),
    "73.06": (-5.245, 119.460, 11),
}
PRIMARY = {"puskesmas", "primary_clinic", "doctor"}
EVERYWHERE = {*PRIMARY, "dentist", "hospital"}
ENROLLED_AT = {*PRIMARY, "primary_hospital", "dentist"}


def facilities() -> dict[str, Row]:
    return {row["code"]: row for row in rows("facilities")}


def kilometres(row: Row, latitude: float, longitude: float) -> float:
    north = float(row["latitude"]) - latitude
    east = (float(row["longitude"]) - longitude) * math.cos(math.radians(latitude))
    return math.hypot(north, east) * 111.2


def with_a_point() -> list[Row]:
    return [row for row in rows("facilities") if row["latitude"]]


def test_there_are_80_facilities_of_every_kind_and_the_usual_ones_in_every_regency() -> None:
    assert len(facilities()) == len(list(rows("facilities"))) >= 80
    kinds = {(row["district_code"][:5], row["kind"]) for row in rows("facilities")}
    assert kinds >= {(regency, kind) for regency in REGENCIES for kind in EVERYWHERE}
    assert {kind for _, kind in kinds} == set(FacilityKind)
    assert {regency for regency, _ in kinds} == set(REGENCIES)


def test_some_lack_what_real_lists_lack() -> None:
    """One without coordinates of its own, one that is closed, one that opens later, some without
    phone, and some that do not say how many they take."""
    assert len(with_a_point()) == len(facilities()) - 1
    assert len([row for row in rows("facilities") if row["open_until"]]) == 1
    assert len([row for row in rows("facilities") if row["open_from"].startswith("month")]) == 1
    assert {row["kind"] for row in rows("facilities") if not row["phone"]} >= {"doctor", "pharmacy"}
    assert {row["kind"] for row in rows("facilities") if not row["capacity"]} >= {"doctor"}


def test_a_facility_lies_in_its_regency() -> None:
    for row in with_a_point():
        latitude, longitude, radius = REGENCIES[row["district_code"][:5]]
        assert kilometres(row, latitude, longitude) < radius, row["name"]


def test_facilities_of_one_district_are_neighbours_and_never_in_one_spot() -> None:
    for row in with_a_point():
        for other in with_a_point():
            if row["code"] < other["code"] and row["district_code"] == other["district_code"]:
                apart = kilometres(other, float(row["latitude"]), float(row["longitude"]))
                assert 0.02 < apart < 4, (row["name"], other["name"])


def test_a_facilitys_address_names_its_district() -> None:
    for row in rows("facilities"):
        district = region(row["district_code"])
        assert district is not None
        assert district.district is not None
        assert row["address"].endswith(f", {district.district}")


def test_a_code_tells_regency_and_kind() -> None:
    letters = {
        "puskesmas": "P",
        "primary_clinic": "B",
        "specialist_clinic": "K",
        "doctor": "U",
        "dentist": "G",
        "primary_hospital": "D",
        "hospital": "R",
        "pharmacy": "A",
    }
    for code, row in facilities().items():
        prefix = row["district_code"][:5].replace(".", "") + letters[row["kind"]]
        assert re.fullmatch(prefix + "[0-9]{3}", code)


def test_nobody_enrols_more_than_there_is_room_for() -> None:
    for row in rows("facilities"):
        if row["capacity"]:
            assert 0 <= int(row["enrolled"]) <= int(row["capacity"])
        # People are referred to the others; they do not enrol there.
        if row["kind"] not in ENROLLED_AT:
            assert (row["capacity"], row["enrolled"]) == ("", "0")


def test_every_regency_has_full_facilities_and_such_with_room_of_each_primary_kind() -> None:
    full: Counter[str] = Counter()
    with_room = set()
    for row in rows("facilities"):
        if row["kind"] in PRIMARY and row["enrolled"] == row["capacity"]:
            full[row["district_code"][:5]] += 1
        elif row["kind"] in PRIMARY:
            with_room.add((row["district_code"][:5], row["kind"]))
    assert set(full) == set(REGENCIES)
    assert with_room == {(regency, kind) for regency in REGENCIES for kind in PRIMARY}


def test_people_use_a_primary_facility_of_their_own_regency() -> None:
    homes = {row["family"]: row["village_code"] for row in rows("families")}
    for row in rows("participants"):
        facility = facilities()[row["primary_facility_code"]]
        assert facility["kind"] in PRIMARY
        assert facility["district_code"][:5] == homes[row["family"]][:5], row["name"]


def test_a_dental_facility_goes_with_a_doctor_only() -> None:
    dental = [row for row in rows("participants") if row["dental_facility_code"]]
    assert dental
    for row in dental:
        assert facilities()[row["dental_facility_code"]]["kind"] == "dentist"
        assert facilities()[row["primary_facility_code"]]["kind"] == "doctor"
