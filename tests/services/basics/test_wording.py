"""Numbers, distances, phones and days as people write them."""

from datetime import datetime

import pytest

from jkn.services.basics.clock import JAKARTA
from jkn.services.basics.wording import day_and_time, dialled, distance, number
from tests.support.world.clock import BEGINNING, Clock


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0"), (999, "999"), (1000, "1.000"), (1234567, "1.234.567")]
)
def test_thousands_have_points(count: int, words: str) -> None:
    assert number(count) == words


@pytest.mark.parametrize(
    ("kilometres", "words"),
    [
        (0.0, "kurang dari 100 m"),
        (0.07, "kurang dari 100 m"),
        (0.08, "100 m"),
        (0.351, "350 m"),
        (0.97, "950 m"),
        (0.98, "1,0 km"),
        (1.24, "1,2 km"),
        (9.94, "9,9 km"),
        (9.96, "10 km"),
        (1250.0, "1.250 km"),
    ],
)
def test_a_distance_is_as_exact_as_it_is_true(kilometres: float, words: str) -> None:
    assert distance(kilometres, is_exact=True) == words


@pytest.mark.parametrize(
    ("kilometres", "words"),
    [(0.0, "sekitar 1 km"), (1.4, "sekitar 1 km"), (2.6, "sekitar 3 km"), (48.0, "sekitar 48 km")],
)
def test_from_the_middle_of_a_place_kilometres_are_whole(kilometres: float, words: str) -> None:
    assert distance(kilometres, is_exact=False) == words


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("(021) 555-123 / 556", "021555123"),
        ("+62 21 555123", "+6221555123"),
        ("0812.3456.7890, 0813", "081234567890"),
        ("021-555123;021-9", "021555123"),
        (" 165 ", "165"),
        ("021+5", "0215"),
        ("", ""),
    ],
)
def test_a_phone_dials_the_first_number(written: str, digits: str) -> None:
    assert dialled(written) == digits


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (datetime(2026, 5, 3, 23, 59, tzinfo=JAKARTA), "Hari ini 09.30 WIB"),
        (datetime(2026, 5, 4, 23, 59, tzinfo=JAKARTA), "Kemarin 09.30 WIB"),
        (datetime(2026, 5, 5, tzinfo=JAKARTA), "3 Mei 2026, 09.30 WIB"),
    ],
)
def test_a_day_is_named_until_the_day_after_it(clock: Clock, today: datetime, words: str) -> None:
    clock.set(today)
    assert day_and_time(BEGINNING) == words
