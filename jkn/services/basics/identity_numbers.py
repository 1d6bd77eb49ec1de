"""The two numbers a person can be known by: NIK (16 digits) and NOKA (13 digits)."""

from dataclasses import dataclass
from enum import StrEnum

from jkn.services.basics.typed_text import without_separators


class IdentityType(StrEnum):
    """Which number it is. A form may ask the person, but the number's length decides."""

    NIK = "nik"
    CARD_NUMBER = "noka"


DIGITS = {IdentityType.NIK: 16, IdentityType.CARD_NUMBER: 13}


@dataclass(frozen=True)
class IdentityNumber:
    """A number in its one stored form: ASCII digits only."""

    type: IdentityType
    number: str


class MisreadNumber(StrEnum):
    """Why a text is no identity number."""

    EMPTY = "empty"
    NOT_DIGITS = "not_digits"
    WRONG_LENGTH = "wrong_length"


def read_identity(text: str) -> IdentityNumber | MisreadNumber:
    """The number that people wrote, with or without separators. Only 0 to 9 count as digits (trap:
    `\\d` and `str.isdigit` accept Arabic and full-width digits, so that one number would be stored
    in several forms)."""
    number = without_separators(text)
    if not number:
        return MisreadNumber.EMPTY
    if not (number.isascii() and number.isdigit()):
        return MisreadNumber.NOT_DIGITS
    for identity_type, length in DIGITS.items():
        if len(number) == length:
            return IdentityNumber(identity_type, number)
    return MisreadNumber.WRONG_LENGTH
