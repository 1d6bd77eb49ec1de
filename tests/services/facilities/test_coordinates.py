"""Coordinates as lists have them."""

import pytest

from jkn.services.basics.points import Point
from jkn.services.facilities.coordinates import Place, PointNote, read_point

DEPOK = Point(-6.39, 106.83)
MEDAN = Point(3.59, 98.67)
RIGHT = Point(-6.4025, 106.7942)


@pytest.mark.parametrize(
    ("latitude", "longitude", "note"),
    [
        ("-6.4025", "106.7942", None),
        ("-6,4025", "106,7942", None),
        (" -6.4025 ", "+106.7942", None),
        ("106.7942", "-6.4025", PointNote.SWAPPED),
        ("106.7942", "6.4025", PointNote.SWAPPED),
        ("6.4025", "106.7942", PointNote.MINUS_LOST),
        ("-64025", "106.7942", PointNote.POINT_LOST),
        ("-6.4025", "106794.2", PointNote.POINT_LOST),
        ("-6402500", "1067942000", PointNote.POINT_LOST),
    ],
)
def test_what_is_certain_is_mended(latitude: str, longitude: str, note: PointNote | None) -> None:
    place = read_point(latitude, longitude, DEPOK)
    assert place.point is not None
    assert place.point.latitude == pytest.approx(RIGHT.latitude)
    assert place.point.longitude == pytest.approx(RIGHT.longitude)
    assert place.note is note


def test_a_longitude_without_its_point_is_found_by_the_regency() -> None:
    place = read_point("2.024593", "98961.092", Point(2.05, 98.9))
    assert place.note is PointNote.POINT_LOST
    assert place.point is not None
    assert place.point.longitude == pytest.approx(98.961092)


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [("-", "-"), ("", ""), ("0", "0"), ("0.0", "0.0"), ("0,000", "-0"), ("null", "NULL")],
)
def test_no_coordinates_are_none(latitude: str, longitude: str) -> None:
    assert read_point(latitude, longitude, DEPOK) == Place(None)


@pytest.mark.parametrize(
    ("latitude", "longitude", "note"),
    [
        ("enam", "106.79", PointNote.UNREADABLE),
        ("-6.40", "", PointNote.UNREADABLE),
        ("nan", "inf", PointNote.UNREADABLE),
        ("1e400", "106.79", PointNote.UNREADABLE),
        ("٦", "106.79", PointNote.UNREADABLE),
        ("9" * 400, "106.79", PointNote.UNREADABLE),
        ("106.79", "106.79", PointNote.SAME_TWICE),
        ("51.5", "-0.12", PointNote.ELSEWHERE),
        ("-6.40", "12.5", PointNote.ELSEWHERE),
    ],
)
def test_what_cannot_be_mended_is_left_out(latitude: str, longitude: str, note: PointNote) -> None:
    assert read_point(latitude, longitude, DEPOK) == Place(None, note)


def test_what_lies_elsewhere_in_the_country_is_kept() -> None:
    assert read_point("3.59", "98.67", DEPOK) == Place(MEDAN, PointNote.FAR)


def test_without_a_regency_only_what_is_swapped_is_certain() -> None:
    assert read_point("-6.4025", "106.7942", None) == Place(RIGHT)
    assert read_point("106.7942", "-6.4025", None) == Place(RIGHT, PointNote.SWAPPED)
    # North of the equator there is land, too.
    assert read_point("6.2", "106.7942", None) == Place(Point(6.2, 106.7942))
    assert read_point("-6.4025", "1067942", None) == Place(None, PointNote.ELSEWHERE)
