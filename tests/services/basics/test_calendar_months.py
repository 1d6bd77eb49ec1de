"""Counting by calendar month."""

from datetime import date

import pytest

from jkn.services.basics.calendar_months import add_months, month_start, months_between


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 3, 31), 1, date(2026, 4, 30)),
        (date(2026, 1, 31), 2, date(2026, 3, 31)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 48, date(2032, 2, 29)),
        (date(2028, 2, 29), -12, date(2027, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2026, 1, 1), -13, date(2024, 12, 1)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 11, 30), 25, date(2028, 12, 30)),
        (date(2026, 5, 3), 0, date(2026, 5, 3)),
    ],
    ids=str,
)
def test_a_month_later_is_the_same_day_or_the_last_of_a_shorter_month(
    day: date, months: int, expected: date
) -> None:
    assert add_months(day, months) == expected


@pytest.mark.parametrize("day", [date(2028, 2, 1), date(2028, 2, 29), date(2028, 2, 10)], ids=str)
def test_a_month_starts_on_its_first_day(day: date) -> None:
    assert month_start(day) == date(2028, 2, 1)


@pytest.mark.parametrize(
    ("earlier", "later", "expected"),
    [
        (date(2026, 1, 31), date(2026, 2, 1), 1),
        (date(2026, 1, 1), date(2026, 1, 31), 0),
        (date(2025, 12, 31), date(2026, 1, 1), 1),
        (date(2024, 2, 29), date(2026, 2, 28), 24),
        (date(2026, 2, 1), date(2026, 1, 31), -1),
        (date(2026, 2, 1), date(2024, 12, 31), -14),
    ],
    ids=str,
)
def test_months_between_two_days_count_months_and_not_days(
    earlier: date, later: date, expected: int
) -> None:
    assert months_between(earlier, later) == expected


def test_going_some_months_ahead_and_counting_them_agree() -> None:
    for months in range(-40, 41):
        assert months_between(date(2026, 1, 31), add_months(date(2026, 1, 31), months)) == months
