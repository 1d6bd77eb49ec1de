"""Dates of birth as people write them (experience.md 3)."""

from datetime import date

import pytest

from jkn.services.basics.written_dates import MisreadDate, read_birth_date

TODAY = date(2026, 5, 3)


@pytest.mark.parametrize(
    "month", ["8", "08", "agu", "Agu.", "agt", "ags", "Agustus", "AGUSTUS", "agus"]
)
def test_a_month_is_a_number_or_a_word(month: str) -> None:
    assert read_birth_date("17", month, "1990", TODAY) == date(1990, 8, 17)


@pytest.mark.parametrize(
    ("month", "number"),
    [("peb", 2), ("feb", 2), ("mei", 5), ("sept", 9), ("nop", 11), ("okt", 10), ("des", 12)],
)
def test_months_have_old_and_short_names(month: str, number: int) -> None:
    assert read_birth_date("1", month, "1990", TODAY) == date(1990, number, 1)


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        (("", "", ""), MisreadDate.EMPTY),
        ((" ", "\t", ""), MisreadDate.EMPTY),
        (("17", "", "1990"), MisreadDate.INCOMPLETE),
        (("x", "8", "1990"), MisreadDate.UNREADABLE),
        (("17", "ma", "1990"), MisreadDate.UNREADABLE),
        (("17", "may", "1990"), MisreadDate.UNREADABLE),
        (("17", "ju", "1990"), MisreadDate.UNREADABLE),
        (("١٧", "8", "1990"), MisreadDate.UNREADABLE),
        (("１７", "8", "1990"), MisreadDate.UNREADABLE),
        (("-1", "8", "1990"), MisreadDate.UNREADABLE),
        (("-", "-", "-"), MisreadDate.EMPTY),
        (("1" * 5000, "8", "1990"), MisreadDate.IMPOSSIBLE),
        (("17", "8", "90"), MisreadDate.SHORT_YEAR),
        (("17", "8", "19900"), MisreadDate.SHORT_YEAR),
        (("31", "6", "1990"), MisreadDate.IMPOSSIBLE),
        (("29", "2", "1990"), MisreadDate.IMPOSSIBLE),
        (("0", "8", "1990"), MisreadDate.IMPOSSIBLE),
        (("17", "13", "1990"), MisreadDate.IMPOSSIBLE),
        (("17", "8", "0000"), MisreadDate.IMPOSSIBLE),
        (("4", "5", "2026"), MisreadDate.FUTURE),
        (("31", "12", "1899"), MisreadDate.TOO_LONG_AGO),
    ],
)
def test_what_is_no_date_is_told_apart(parts: tuple[str, str, str], why: MisreadDate) -> None:
    assert read_birth_date(*parts, TODAY) is why


def test_the_29th_of_february_and_today_are_dates() -> None:
    assert read_birth_date("29", "2", "1944", TODAY) == date(1944, 2, 29)
    assert read_birth_date("3", "5", "2026", TODAY) == TODAY
