"""What is said about a number that is no identity number."""

from jkn.services.identity_numbers import DIGITS, IdentityType, Misread, without_separators

_NAMES = {IdentityType.NIK: "NIK", IdentityType.CARD_NUMBER: "Nomor kartu"}


def misread(text: str, read: Misread, expected: IdentityType) -> str:
    """Explained by the type that was expected."""
    name, digits = _NAMES[expected], DIGITS[expected]
    if read is Misread.EMPTY:
        return f"Masukkan {name if expected is IdentityType.NIK else name.lower()}"
    if read is Misread.NOT_DIGITS:
        return f"{name} hanya berisi angka 0 sampai 9"
    return f"{name} harus {digits} angka. Anda mengisi {len(without_separators(text))} angka"
