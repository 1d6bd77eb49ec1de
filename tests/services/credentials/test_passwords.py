"""Password hashing (security.md R01, R02, R04)."""

import re
import unicodedata

import pytest
from argon2 import PasswordHasher

from jkn.services.basics import runtime
from jkn.services.credentials import passwords
from jkn.services.credentials.passwords import LONGEST, hash_password, is_right, needs_rehash
from tests.support.world.connected import bare_settings, bind_changed

PASSWORD = "kopi tubruk di teras"
PEPPER = "a-pepper-of-these-tests-with-many-letters-0123456789"


@pytest.fixture(autouse=True)
def _peppered() -> None:
    runtime.bind(bare_settings(pepper=PEPPER, argon2_cost="safe"))


def hashed_weakly(password: str) -> str:
    """A hash as an older release might have stored it."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    return hasher.hash(passwords._peppered(password))


class Tripwire(str):
    """A stored hash that reports when it is compared."""

    __slots__ = ()

    def encode(self, *_arguments: str) -> bytes:
        raise AssertionError("the password was hashed")


def test_the_hash_is_argon2id_with_the_asvs_parameters() -> None:
    assert re.fullmatch(
        r"\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}",
        hash_password(PASSWORD),
    )


def test_the_same_password_twice_gives_two_salts_and_two_hashes() -> None:
    first, second = (hash_password(PASSWORD).split("$")[-2:] for _ in range(2))
    assert first[0] != second[0]
    assert first[1] != second[1]


def test_the_right_password_is_right_and_any_other_is_wrong() -> None:
    stored = hash_password(PASSWORD)
    assert is_right(stored, PASSWORD)
    for wrong in (PASSWORD.upper(), f"{PASSWORD} ", f" {PASSWORD}", PASSWORD[:-1], "", "x" * 128):
        assert not is_right(stored, wrong)


def test_without_the_pepper_the_hash_is_worth_nothing() -> None:
    stored = hash_password(PASSWORD)
    bind_changed(pepper=f"{PEPPER}!")
    assert not is_right(stored, PASSWORD)
    bind_changed(pepper=PEPPER)
    assert is_right(stored, PASSWORD)


def test_the_password_itself_is_not_what_argon2_gets() -> None:
    """Otherwise a thief of the table could guess without the pepper."""
    plain = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    assert not is_right(plain, PASSWORD)
    assert is_right(hashed_weakly(PASSWORD), PASSWORD)


@pytest.mark.parametrize(
    "password", ["café crème brûlée", "Đặng Thị Hồng", "pässwörd ÅÅÅÅ", "한글 비밀번호"], ids=ascii
)
def test_the_same_letters_from_another_phone_are_the_same_password(password: str) -> None:
    composed = unicodedata.normalize("NFC", password)
    taken_apart = unicodedata.normalize("NFD", password)
    assert composed != taken_apart
    assert is_right(hash_password(composed), taken_apart)
    assert is_right(hash_password(taken_apart), composed)


def test_letters_that_only_look_alike_are_not_the_same_password() -> None:
    assert not is_right(hash_password("file 1 fish"), "ﬁle 1 ﬁsh")


@pytest.mark.parametrize("letter", ["a", "é", "😀", "\u1f82"], ids=ascii)
def test_128_characters_are_compared_to_the_last_one(letter: str) -> None:
    """Counted in code points of the composed form; nothing is cut off."""
    longest = letter * LONGEST
    stored = hash_password(longest)
    assert is_right(stored, longest)
    assert is_right(stored, unicodedata.normalize("NFD", longest))
    assert not is_right(stored, longest[:-1] + "x")
    assert not is_right(stored, longest[:-1])


@pytest.mark.parametrize("length", [LONGEST + 1, 200, 2_000_000])
@pytest.mark.parametrize("letter", ["a", "é"], ids=ascii)
def test_more_than_128_characters_are_refused_even_when_they_fit(length: int, letter: str) -> None:
    password = letter * length
    stored = hash_password(password)
    assert not is_right(stored, password)
    assert not is_right(None, password)


def test_more_than_128_characters_are_refused_without_any_hashing() -> None:
    with pytest.raises(AssertionError, match="was hashed"):
        is_right(Tripwire(hash_password(PASSWORD)), "a" * LONGEST)
    for length in (LONGEST + 1, 200, 2_000_000):
        assert not is_right(Tripwire(hash_password(PASSWORD)), "a" * length)


@pytest.mark.parametrize("nobodys", [None, ""])
def test_an_unknown_person_costs_as_much_hashing_as_a_known_one(
    monkeypatch: pytest.MonkeyPatch, nobodys: str | None
) -> None:
    """Otherwise the time of an answer would tell who exists (ASVS 6.3.8)."""
    compared = []
    verify = PasswordHasher.verify

    def noted(hasher: PasswordHasher, stored: str, password: bytes) -> bool:
        compared.append(stored.rsplit("$", 2)[0])
        return bool(verify(hasher, stored, password))

    monkeypatch.setattr(PasswordHasher, "verify", noted)
    for stored in (hash_password(PASSWORD), nobodys):
        is_right(stored, "bukan kata sandinya")
    somebody, nobody = compared
    assert nobody == somebody, "the same algorithm and parameters"


@pytest.mark.parametrize("is_known", [True, False])
def test_the_first_comparison_after_a_start_costs_the_same_whoever_it_is(
    monkeypatch: pytest.MonkeyPatch, is_known: bool
) -> None:
    """The hash that stands in for unknown people exists by then, and is not made again for the same
    secrets."""
    stored = hash_password(PASSWORD)
    hashed = []
    hash_it = PasswordHasher.hash

    def noted(hasher: PasswordHasher, password: bytes) -> str:
        hashed.append(password)
        return str(hash_it(hasher, password))

    monkeypatch.setattr(PasswordHasher, "hash", noted)
    for _ in range(3):
        bind_changed(pepper=f"{PEPPER} of a new process where somebody is known: {is_known}")
        is_right(stored if is_known else None, PASSWORD)
    assert len(hashed) == 1


def test_the_password_of_an_unknown_person_is_never_right() -> None:
    """Not even the password whose hash stands in for it."""
    for password in (PASSWORD, "", "nobody signs in with this"):
        assert is_right(None, password) is False


@pytest.mark.parametrize(
    "stored", ["", "!", "x" * 97, "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA", "$2b$12$abcdef"]
)
def test_what_is_no_hash_lets_nobody_in(stored: str) -> None:
    for password in (PASSWORD, "", stored, "nobody signs in with this"):
        assert is_right(stored, password) is False


@pytest.mark.parametrize(
    ("time_cost", "memory_cost", "is_old"), [(1, 19456, True), (2, 8, True), (2, 19456, False)]
)
def test_a_hash_with_other_parameters_is_old(
    time_cost: int, memory_cost: int, is_old: bool
) -> None:
    hasher = PasswordHasher(time_cost=time_cost, memory_cost=memory_cost, parallelism=1)
    assert needs_rehash(hasher.hash(PASSWORD)) is is_old


def test_an_old_hash_still_opens() -> None:
    assert is_right(hashed_weakly(PASSWORD), PASSWORD)
    assert not is_right(hashed_weakly(PASSWORD), "something else")
