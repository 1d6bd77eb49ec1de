"""Reading the position that a phone tells."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jkn.services.basics.points import Point
from jkn.services.facilities.positions import Misplaced, read_position


@pytest.mark.parametrize(
    ("latitude", "longitude", "expected"),
    [
        ("-6.4013312", "106.8478123", Point(-6.401, 106.848)),
        ("-6", "106", Point(-6.0, 106.0)),
        ("6.3", "94.8", Point(6.3, 94.8)),
        ("-9.5", "104", Point(-9.5, 104.0)),
        ("-9.5", "102", Misplaced.ABROAD),
        ("52.52", "13.405", Misplaced.ABROAD),
        ("106.848", "-6.401", Misplaced.ABROAD),
        ("999", "999", Misplaced.ABROAD),
        ("", "", Misplaced.UNREADABLE),
        ("-6.4", "", Misplaced.UNREADABLE),
        ("inf", "nan", Misplaced.UNREADABLE),
        ("1e2", "106.8", Misplaced.UNREADABLE),
        ("-6,4", "106,8", Misplaced.UNREADABLE),
        ("\u0663", "106.8", Misplaced.UNREADABLE),
        ("-6.4\n", "106.8", Misplaced.UNREADABLE),
        ("9" * 400, "106.8", Misplaced.UNREADABLE),
    ],
)
def test_a_position_is_rounded_or_it_is_none(
    latitude: str, longitude: str, expected: Point | Misplaced
) -> None:
    assert read_position(latitude, longitude) == expected


@given(st.text(), st.text())
def test_whatever_is_told_there_is_an_answer(latitude: str, longitude: str) -> None:
    read = read_position(latitude, longitude)
    assert isinstance(read, Misplaced) or read.is_in_indonesia
