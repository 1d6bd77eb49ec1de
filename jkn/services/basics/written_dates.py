"""A date as people write it: three parts, the month as a number or a word."""

from datetime import date
from enum import StrEnum

from jkn.services.basics.typed_text import is_separator, without_marks, without_separators
from jkn.services.basics.wording import MONTHS

_EARLIEST = date(1900, 1, 1)
# Other ways to write months.
_MONTH_WORDS = {"peb": 2, "agt": 8, "ags": 8, "sept": 9, "nop": 11, "pebruari": 2, "nopember": 11}
_LONGEST_PART = 20


class MisreadDate(StrEnum):
    """Why the parts are no date of birth."""

    EMPTY = "empty"
    INCOMPLETE = "incomplete"
    UNREADABLE = "unreadable"
    SHORT_YEAR = "short_year"
    IMPOSSIBLE = "impossible"
    FUTURE = "future"
    TOO_LONG_AGO = "too_long_ago"


def read_birth_date(day: str, month: str, year: str, today: date) -> date | MisreadDate:
    """The date, or the first reason why there is none. Only 0 to 9 count as digits."""
    # A year has four digits, so nothing in it can be taken for a part of another number.
    parts = [_trimmed(it) for it in (day, month, without_separators(year))]
    if not all(parts):
        return MisreadDate.INCOMPLETE if any(parts) else MisreadDate.EMPTY
    numbers = (_number(parts[0]), _month(parts[1]), _number(parts[2]))
    if None in numbers:
        return MisreadDate.UNREADABLE
    if len(parts[2]) != len("2026"):
        return MisreadDate.SHORT_YEAR
    read_day, read_month, read_year = (it or 0 for it in numbers)
    try:
        read = date(read_year, read_month, read_day)
    except (ValueError, OverflowError):
        return MisreadDate.IMPOSSIBLE
    if read > today:
        return MisreadDate.FUTURE
    return read if read >= _EARLIEST else MisreadDate.TOO_LONG_AGO


def _trimmed(part: str) -> str:
    """The part without what people put between parts, and without invisible marks. A dash before it
    stays: a day below nothing cannot be read."""
    text = without_marks(part).strip()
    while text and (is_separator(text[-1]) or text[-1] == "/"):
        text = text[:-1]
    return text[:_LONGEST_PART]


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None


def _month(text: str) -> int | None:
    """8, 08, agu, Agustus."""
    word = text.casefold()
    if word in _MONTH_WORDS:
        return _MONTH_WORDS[word]
    by_start = [
        number
        for number, name in enumerate(MONTHS, start=1)
        if len(word) >= len("mei") and name.casefold().startswith(word)
    ]
    return by_start[0] if len(by_start) == 1 else _number(text)
