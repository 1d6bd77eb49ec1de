"""Which passwords may be chosen, and the reason that is told when one may not."""

from datetime import date

import pytest

from jkn.services.basics import runtime
from jkn.services.credentials import password_policy
from jkn.services.credentials.password_policy import Owner, WeakPassword, refusal
from tests.support.world.connected import bare_settings, bind_changed

OWNER = Owner(
    name="Siti Nur'aini Ma'rufah",
    nik="3578086307890004",
    birth_date=date(1989, 7, 23),
    card_number="0002788922740",
    phone="+6285400000123",
)


@pytest.fixture(autouse=True)
def _usual_length() -> None:
    runtime.bind(bare_settings())


@pytest.mark.parametrize(
    "password",
    [
        "payung teduh pagi",
        "kopi  dua  cangkir",
        "semuahurufkecilsaja",
        "🙂🙃😉😊🙂😇🥰😍",
        "   spasi di depan",
        "a7$kQ!zp",
        "x" + "yz" * 3 + "kopi" + "w" * 117,
    ],
)
def test_a_password_that_is_long_enough_and_not_guessable_is_fine(password: str) -> None:
    assert refusal(password, OWNER) is None


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("", WeakPassword.TOO_SHORT),
        ("a7$kQ!z", WeakPassword.TOO_SHORT),
        ("e\u0301" * 7, WeakPassword.TOO_SHORT),
        ("kopi tubruk " * 11, WeakPassword.TOO_LONG),
        ("3578086307890004", WeakPassword.OWN_NUMBER),
        ("nik3578086307890004!", WeakPassword.OWN_NUMBER),
        ("3578-0863-0789-0004", WeakPassword.OWN_NUMBER),
        ("kartu 0002788922740", WeakPassword.OWN_NUMBER),
        ("085400000123", WeakPassword.OWN_NUMBER),
        ("hp +62 854 0000 0123", WeakPassword.OWN_NUMBER),
        ("2307198923071989", WeakPassword.BIRTH_DATE),
        ("siti23071989", WeakPassword.BIRTH_DATE),
        ("lahir 23-07-89 ya", WeakPassword.BIRTH_DATE),
        ("19890723abc", WeakPassword.BIRTH_DATE),
        ("Siti1989!!", WeakPassword.OWN_NAME),
        ("sitinur 2026", WeakPassword.OWN_NAME),
        ("mobilejkn2026!!", WeakPassword.CONTEXT),
        ("BPJS-Kesehatan-165", WeakPassword.CONTEXT),
        ("jknjknjkn", WeakPassword.CONTEXT),
        ("password", WeakPassword.COMMON),
        ("Password1", WeakPassword.COMMON),
        ("iloveyou", WeakPassword.COMMON),
        ("Bismillah123", WeakPassword.COMMON),
        ("aaaaaaaaaa", WeakPassword.COMMON),
        ("abcabcabcabc", WeakPassword.COMMON),
        ("23456789", WeakPassword.COMMON),
        ("hgfedcba", WeakPassword.COMMON),
    ],
)
def test_what_would_be_tried_first_is_refused_with_the_reason(
    password: str, reason: WeakPassword
) -> None:
    assert refusal(password, OWNER) is reason


def test_eight_composed_letters_are_eight_however_the_phone_writes_them() -> None:
    assert refusal("éàü ñoẑk", OWNER) is None
    assert refusal("e\u0301a\u0300u\u0308 n\u0303oz\u0302k", OWNER) is None


def test_the_list_of_common_passwords_is_long_enough() -> None:
    assert len(password_policy._common()) >= 3000


def test_a_million_characters_are_refused_without_reading_them_all() -> None:
    assert refusal("🙂" * 1_000_000, OWNER) is WeakPassword.TOO_LONG


def test_the_least_length_is_a_setting() -> None:
    bind_changed(password_min_length=15)
    assert refusal("kopi dua gelas", OWNER) is WeakPassword.TOO_SHORT
    assert refusal("kopi dua gelas!", OWNER) is None


def test_someone_without_card_or_phone_may_choose_too() -> None:
    owner = Owner("Becce", "7306026902440004", date(1944, 2, 29))
    assert refusal("payung teduh pagi", owner) is None
    assert refusal("29021944", owner) is WeakPassword.BIRTH_DATE


def test_a_name_of_three_letters_is_tried_first_and_one_of_two_is_not() -> None:
    owner = Owner("Li Ani", "7306026902440004", date(1944, 2, 29))
    assert refusal("ani-80517", owner) is WeakPassword.OWN_NAME
    assert refusal("li-805176", owner) is None
