"""What is said about a number that is no identity number."""

from wtforms import ValidationError

from jkn.services.basics.identity_numbers import (
    DIGITS,
    IdentityNumber,
    IdentityType,
    MisreadNumber,
    read_identity,
    without_separators,
)

_NAMES = {IdentityType.NIK: "NIK", IdentityType.CARD_NUMBER: "Nomor kartu"}


def misread(text: str, read: MisreadNumber, expected: IdentityType) -> str:
    """Explained by the type that was expected."""
    name, digits = _NAMES[expected], DIGITS[expected]
    if read is MisreadNumber.EMPTY:
        return f"Masukkan {name if expected is IdentityType.NIK else name.lower()}"
    if read is MisreadNumber.NOT_DIGITS:
        return f"{name} hanya berisi angka 0 sampai 9"
    return f"{name} harus {digits} angka. Anda mengisi {len(without_separators(text))} angka"


def read_nik(text: str) -> str:
    """The NIK in its one form. Raises ValidationError, in words, for anything else."""
    read = read_identity(text)
    if isinstance(read, IdentityNumber) and read.type is IdentityType.NIK:
        return read.number
    why = read if isinstance(read, MisreadNumber) else MisreadNumber.WRONG_LENGTH
    raise ValidationError(misread(text, why, IdentityType.NIK))


def read_either(text: str) -> IdentityNumber:
    """A NIK or a card number, where nothing says which. Raises ValidationError likewise."""
    read = read_identity(text)
    if isinstance(read, IdentityNumber):
        return read
    if read is MisreadNumber.EMPTY:
        raise ValidationError("Masukkan NIK atau nomor kartu")
    if read is MisreadNumber.NOT_DIGITS:
        raise ValidationError("Nomor hanya berisi angka 0 sampai 9")
    typed = len(without_separators(text))
    raise ValidationError(f"NIK harus 16 angka, nomor kartu 13. Anda mengisi {typed} angka")
