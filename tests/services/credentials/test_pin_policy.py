"""Which PINs may be chosen (R42)."""

from datetime import date

import pytest

from jkn.services.basics import six_digits
from jkn.services.credentials.password_policy import Owner
from jkn.services.credentials.pin_policy import WeakPin, refusal

OWNER = Owner(
    name="Siti Nur'aini",
    nik="3578086307890004",
    birth_date=date(1989, 7, 23),
    card_number="0002788922740",
    phone="+6285410620935",
)


@pytest.mark.parametrize("pin", ["482915", "730264", "905173", "618402"])
def test_six_digits_that_nobody_would_guess_are_fine(pin: str) -> None:
    assert refusal(pin, OWNER) is None


@pytest.mark.parametrize(
    "pin",
    [
        *("000000", "111111", "123456", "654321", "012345", "987654", "890123"),
        *("121212", "123123", "112233", "135791", "246802", "123321", "100001"),
        *("000001", "111112", "229922", "147258", "159753", "170845", "789456"),
    ],
)
def test_what_everybody_tries_first_is_refused(pin: str) -> None:
    assert refusal(pin, OWNER) is WeakPin.TRIVIAL


@pytest.mark.parametrize(
    "pin", ["230789", "890723", "072389", "892307", "071989", "198907", "231989", "198923"]
)
def test_the_birth_date_is_refused_however_it_is_written(pin: str) -> None:
    assert refusal(pin, OWNER) is WeakPin.BIRTH_DATE


@pytest.mark.parametrize(
    "pin", ["357808", "890004", "086307", "002788", "922740", "854106", "085410", "620935"]
)
def test_six_digits_of_an_own_number_are_refused(pin: str) -> None:
    assert refusal(pin, OWNER) is WeakPin.OWN_NUMBER


def test_a_person_who_has_no_card_and_no_phone_can_choose_too() -> None:
    owner = Owner("Budi", "3578086307890004", date(1989, 7, 23))
    assert refusal("922740", owner) is None
    assert refusal("890004", owner) is WeakPin.OWN_NUMBER


@pytest.mark.parametrize(
    "typed", ["", "12345", "1234567", "12345a", "١٢٣٤٥٦", "1" * 10_000, "\x00" * 6]
)
def test_what_is_not_six_digits_is_not_read(typed: str) -> None:
    assert six_digits.read(typed) is None


@pytest.mark.parametrize("typed", ["482915", " 482 915 ", "482-915", "４８２９１５"])
def test_every_way_to_type_a_pin_is_one_pin(typed: str) -> None:
    assert six_digits.read(typed) == "482915"
