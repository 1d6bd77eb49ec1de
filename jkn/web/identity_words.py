"""Reading NIK and card numbers in forms, and the words when one cannot be read."""

from wtforms import ValidationError

from jkn.services.basics.identity_numbers import (
    DIGITS,
    IdentityNumber,
    IdentityType,
    MisreadNumber,
    read_identity,
)
from jkn.services.basics.typed_text import without_separators

_NAMES = {IdentityType.NIK: "NIK", IdentityType.CARD_NUMBER: "Nomor kartu"}


def misread(text: str, read: MisreadNumber, expected: IdentityType) -> str:
    """The words for a number that cannot be read, by the type that was expected."""
    name, digits = _NAMES[expected], DIGITS[expected]
    if read is MisreadNumber.EMPTY:
        return f"Masukkan {name if expected is IdentityType.NIK else name.lower()}"
    if read is MisreadNumber.NOT_DIGITS:
        return f"{name} hanya berisi angka 0 sampai 9"
    return f"{name} harus {digits} angka. Anda mengisi {len(without_separators(text))} angka"


def read_nik(text: str) -> str:
    """The NIK in its canonical form. Raises ValidationError, in words, for anything else."""
    read = read_identity(text)
    if isinstance(read, IdentityNumber) and read.type is IdentityType.NIK:
        return read.number
    why = read if isinstance(read, MisreadNumber) else MisreadNumber.WRONG_LENGTH
    raise ValidationError(misread(text, why, IdentityType.NIK))


def read_either(text: str) -> IdentityNumber:
    """A NIK or a card number, told apart by its length. Raises ValidationError likewise."""
    read = read_identity(text)
    if isinstance(read, IdentityNumber):
        return read
    if read is MisreadNumber.EMPTY:
        raise ValidationError("Masukkan NIK atau nomor kartu")
    if read is MisreadNumber.NOT_DIGITS:
        raise ValidationError("Nomor hanya berisi angka 0 sampai 9")
    typed = len(without_separators(text))
    raise ValidationError(f"NIK harus 16 angka, nomor kartu 13. Anda mengisi {typed} angka")
