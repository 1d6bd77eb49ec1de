"""What nobody sees and what groups a number does not count, in any field that asks for a number."""

import unicodedata
from collections.abc import Callable
from datetime import date

import pytest

from jkn.services.basics import six_digits
from jkn.services.basics.identity_numbers import IdentityNumber, read_identity
from jkn.services.basics.phone_numbers import read_phone
from jkn.services.basics.typed_text import without_marks, without_separators
from jkn.services.basics.written_dates import read_birth_date
from jkn.services.credentials.personal_questions import Question, is_answered_by

ALL = [chr(code) for code in range(0x110000) if not 0xD800 <= code <= 0xDFFF]
MARKS = [it for it in ALL if unicodedata.category(it) == "Cf"] + ["\u034f", "\ufe0e", "\ufe0f"]
SPACES = [it for it in ALL if unicodedata.category(it) == "Zs"]
DASHES = [it for it in ALL if unicodedata.category(it) == "Pd"] + list(
    "\u2212\u02d7\u2043\u30fc\uff70"
)


def number(text: str) -> str | None:
    read = read_identity(text)
    return read.number if isinstance(read, IdentityNumber) else None


def year(text: str) -> str | None:
    read = read_birth_date("17", "8", text, date(2026, 5, 3))
    return str(read.year) if isinstance(read, date) else None


def family_card(text: str) -> str | None:
    return (
        "3276050101900001"
        if is_answered_by("3276050101900001", text, Question.FAMILY_CARD)
        else None
    )


# What reads a number of each kind, the number, and what it is read as.
FIELDS: dict[str, tuple[Callable[[str], str | None], str, str]] = {
    "NIK": (number, "3276054502850001", "3276054502850001"),
    "card number": (number, "0001234567890", "0001234567890"),
    "family card": (family_card, "3276050101900001", "3276050101900001"),
    "phone": (read_phone, "081234567890", "+6281234567890"),
    "phone from abroad": (read_phone, "0062812345678", "+62812345678"),
    "code or PIN": (six_digits.read, "012345", "012345"),
}
in_each_field = pytest.mark.parametrize("field", FIELDS)


@in_each_field
def test_marks_that_nobody_sees_do_not_count(field: str) -> None:
    read, typed, expected = FIELDS[field]
    assert read(typed) == expected
    for mark in MARKS:
        for text in (mark + typed, typed + mark, typed[:4] + mark + typed[4:]):
            assert read(text) == expected, ascii(mark)


@in_each_field
def test_no_kind_of_space_and_dash_counts(field: str) -> None:
    read, typed, expected = FIELDS[field]
    for sign in SPACES + DASHES:
        text = sign.join((typed[:3], typed[3:5], typed[5:])) + sign
        assert read(text) == expected, ascii(sign)


@in_each_field
def test_only_the_digits_of_our_keyboards_are_digits(field: str) -> None:
    read, typed, _ = FIELDS[field]
    for zero in (0x0660, 0x06F0, 0x0966):
        assert read(typed.translate({ord("0") + it: zero + it for it in range(10)})) is None


def test_the_parts_of_a_date_may_have_marks_anywhere_and_signs_behind() -> None:
    assert year("1990") == "1990"
    for sign in MARKS + SPACES + DASHES:
        assert year(f"19{sign}90{sign}") == "1990", ascii(sign)
    for sign in [*SPACES, *DASHES, *"./"]:
        read = read_birth_date(f"17{sign}", f"agu{sign}", "1990", date(2026, 5, 3))
        assert read == date(1990, 8, 17), ascii(sign)
    assert read_birth_date("17.", "8/", "\u20681990\u2069", date(2026, 5, 3)) == date(1990, 8, 17)
    assert read_birth_date("17-", "Agu.", " 1990", date(2026, 5, 3)) == date(1990, 8, 17)


def test_two_parts_of_a_date_in_one_field_do_not_become_one_number() -> None:
    for day in ("1-7", "1 7", "1.7", "1/7"):
        assert not isinstance(read_birth_date(day, "8", "1990", date(2026, 5, 3)), date)


def test_taking_separators_out_leaves_everything_else_as_it_was() -> None:
    assert without_separators(" 12-3.4 a_B٣ ") == "1234a_B٣"
    assert without_separators("12/3,4+5(6)") == "12/3,4+5(6)"


def test_taking_marks_out_leaves_letters_with_accents_and_emojis() -> None:
    assert without_marks("S\u00ed\u00adti e\u0301 \u200f😀\u200e") == "Síti e\u0301 😀"
