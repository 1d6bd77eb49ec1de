"""Dates written relative to the day of loading."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jkn.sample.dates import resolve


@pytest.mark.parametrize(
    ("text", "today", "expected"),
    [
        ("2019-04-27", date(2026, 11, 21), date(2019, 4, 27)),
        ("today", date(2026, 11, 21), date(2026, 11, 21)),
        ("-20d", date(2027, 1, 5), date(2026, 12, 16)),
        ("-14m", date(2026, 11, 21), date(2025, 9, 21)),
        ("-9y", date(2026, 11, 21), date(2017, 11, 21)),
        ("-12y-3m", date(2027, 1, 31), date(2014, 10, 31)),
        ("-21y+20d", date(2026, 12, 20), date(2006, 1, 9)),
        ("month-start", date(2026, 11, 21), date(2026, 11, 1)),
        ("month-end", date(2028, 2, 1), date(2028, 2, 29)),
        ("month-end", date(2027, 12, 31), date(2027, 12, 31)),
        ("month-start-14m", date(2027, 1, 31), date(2025, 11, 1)),
        # A day that the month lacks becomes its last.
        ("-1m", date(2027, 3, 31), date(2027, 2, 28)),
        ("-1m", date(2028, 3, 31), date(2028, 2, 29)),
        ("-2m", date(2027, 1, 31), date(2026, 11, 30)),
        ("-1y", date(2028, 2, 29), date(2027, 2, 28)),
        ("-4y", date(2028, 2, 29), date(2024, 2, 29)),
        ("+1m", date(2026, 12, 31), date(2027, 1, 31)),
    ],
)
def test_each_way_of_writing_a_date_means_one_day(text: str, today: date, expected: date) -> None:
    assert resolve(text, today) == expected


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2027, 1, 31), date(2026, 12, 31)),
        (date(2027, 3, 30), date(2027, 2, 28)),
        (date(2028, 3, 1), date(2028, 2, 29)),
        (date(2027, 2, 28), date(2027, 1, 31)),
    ],
)
def test_the_end_of_last_month_is_that_months_own_last_day(today: date, expected: date) -> None:
    assert resolve("month-end-1m", today) == expected


def test_the_order_of_the_steps_does_not_matter() -> None:
    today = date(2028, 3, 31)
    assert resolve("-1m+1d", today) == resolve("+1d-1m", today) == date(2028, 3, 1)


@pytest.mark.parametrize(
    "text",
    ["", "-", "20d", "-20", "-20w", "-1m month-end", "month-middle", "2026-13-01", "2026-1-1",
     "yesterday", "-20d\n", "-٢٠d"],
)  # fmt: skip
def test_anything_else_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        resolve(text, date(2026, 11, 21))


@given(st.dates(date(2026, 1, 1), date(2100, 1, 1)), st.integers(0, 60))
def test_months_end_on_the_eve_of_the_next_ones_start(today: date, months: int) -> None:
    next_start = resolve(f"month-start-{months}m", today)
    assert resolve(f"month-end-{months + 1}m", today) + timedelta(days=1) == next_start
