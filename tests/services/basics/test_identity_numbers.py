"""Reading the number that a person types."""

import pytest

from jkn.services.basics.identity_numbers import (
    IdentityNumber,
    IdentityType,
    MisreadNumber,
    read_identity,
)

NIK = "3276054502850001"
CARD_NUMBER = "0001234567890"


def test_sixteen_digits_are_a_nik_and_thirteen_a_card_number() -> None:
    assert read_identity(NIK) == IdentityNumber(IdentityType.NIK, NIK)
    assert read_identity(CARD_NUMBER) == IdentityNumber(IdentityType.CARD_NUMBER, CARD_NUMBER)


@pytest.mark.parametrize("nik", ["5403051703840001", "1003051703840001", "9976051703840001"])
def test_a_nik_of_a_province_of_the_past_is_a_nik(nik: str) -> None:
    """NIKs are never re-issued: those of Timor Timur still begin with 54."""
    assert read_identity(nik) == IdentityNumber(IdentityType.NIK, nik)


@pytest.mark.parametrize(
    "typed",
    [
        "3276 0545 0285 0001",
        "3276-0545-0285-0001",
        "3276.0545.0285.0001",
        "3276‐0545‑0285‒0001",
        "3276–0545–0285–0001",
        "3276\u00a00545\u00a00285\u00a00001",
        "3276\u20090545\u20070285\u202f0001",
        "3276 - 0545 - 0285 - 0001",
        f"  {NIK}  ",
        f"{NIK}\n",
        f"{NIK}\r\n",
        f"\t{NIK}",
        f"{NIK[:8]}\u200b{NIK[8:]}",
        f"\u202e{NIK}",
        f"\u2212{NIK}",
    ],
    ids=ascii,
)
def test_spaces_dashes_and_dots_do_not_count(typed: str) -> None:
    """Only the canonical form is stored and looked up; even a trailing newline is removed."""
    assert read_identity(typed) == IdentityNumber(IdentityType.NIK, NIK)


@pytest.mark.parametrize(
    "typed",
    [
        NIK.translate({ord(str(it)): 0x0660 + it for it in range(10)}),
        NIK.translate({ord(str(it)): 0x06F0 + it for it in range(10)}),
        NIK.translate({ord(str(it)): 0xFF10 + it for it in range(10)}),
        NIK.translate({ord(str(it)): 0x1D7CE + it for it in range(10)}),
        NIK[:-1] + "١",
        NIK[:-1] + "²",
        NIK[:-1] + "O",
        NIK[:-1] + "½",
        "tiga dua tujuh enam",
        f"NIK {NIK}",
        f"+{NIK}",
        f"{NIK}\x00",
        f"{NIK}\ud800",
        f"{NIK[:-1]}😀",
        "'; DROP TABLE accounts; --",
        "3276_0545_0285_0001",
        "3276/0545/0285/0001",
        "x" * 1_000_000,
        "٣" * 1_000_000,
    ],
    ids=lambda typed: ascii(typed)[:40],
)
def test_only_the_ascii_digits_are_digits(typed: str) -> None:
    assert read_identity(typed) is MisreadNumber.NOT_DIGITS


@pytest.mark.parametrize("typed", ["", " ", "\n", "-", " - . \u00a0", "-" * 1_000_000],
                         ids=lambda typed: ascii(typed)[:20])  # fmt: skip
def test_nothing_but_separators_is_empty(typed: str) -> None:
    assert read_identity(typed) is MisreadNumber.EMPTY


@pytest.mark.parametrize("length", [1, 12, 14, 15, 17, 32, 1_000_000])
def test_any_other_number_of_digits_has_the_wrong_length(length: int) -> None:
    assert read_identity("3" * length) is MisreadNumber.WRONG_LENGTH
