"""Which kinds of key are taken up, what is kept of them, and how they are used (R35, R37)."""

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from jkn.models import Ceremony, EventKind
from jkn.services.basics import clock as service_clock
from jkn.services.passkeys.passkey_ceremonies import CeremonyRefusal
from jkn.services.passkeys.passkey_enrolment import Enrolled
from jkn.services.sessions.sessions import SignedIn
from tests.support.calls.passkey_calls import (
    PROOFS,
    USED,
    Change,
    Member,
    changed,
    member,
    newcomer,
    passkeys_of,
    refused_when,
    with_key,
)
from tests.support.calls.sign_in_calls import recorded
from tests.support.clients.software_authenticator import (
    BACKED_UP,
    MAY_TRAVEL,
    USUAL_FLAGS,
    Authenticator,
)
from tests.support.world.clock import Clock

pytestmark = pytest.mark.usefixtures("database")
# These checks come before the database is read, so one database is enough.
on_one_database = pytest.mark.parametrize("database_copies", ["sqlite"], indirect=True)
ENROL, SIGN_IN = Ceremony.ENROL, Ceremony.SIGN_IN
P256_X = bytes.fromhex("6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296")
P256_Y = bytes.fromhex("4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5")


def own_key(person: Member) -> bytes:
    return person.phone.credentials[-1].public_key()


def other_key(key: object) -> dict[str, Change]:
    return {"change": lambda text, it: with_key(text, own_key(it), cbor2.dumps(key))}


# The kind of key


@on_one_database
def test_other_algorithms_are_not_taken_up() -> None:
    p384 = ec.derive_private_key(1, ec.SECP384R1()).public_key().public_numbers()
    x, y = (it.to_bytes(48, "big") for it in (p384.x, p384.y))
    refused_when(
        CeremonyRefusal.NO_MATCH,
        other_key({1: 1, 3: -8, -1: 6, -2: bytes(32)}),
        other_key({1: 2, 3: -35, -1: 2, -2: x, -3: y}),
        other_key({1: 2, 3: -47, -1: 8, -2: P256_X, -3: P256_Y}),
        other_key({1: 3, 3: -37, -1: b"\xff" * 256, -2: b"\x01\x00\x01"}),
        other_key({1: 3, 3: -65535, -1: b"\xff" * 256, -2: b"\x01\x00\x01"}),
    )


@on_one_database
def test_a_key_under_the_name_of_another_algorithm_is_not_taken_up() -> None:
    p384 = ec.derive_private_key(1, ec.SECP384R1()).public_key().public_numbers()
    x, y = (it.to_bytes(48, "big") for it in (p384.x, p384.y))
    refused_when(
        CeremonyRefusal.NO_MATCH,
        other_key({1: 1, 3: -7, -1: 6, -2: bytes(32)}),
        other_key({1: 2, 3: -7, -1: 2, -2: x, -3: y}),
        other_key({1: 2, 3: -257, -1: 1, -2: P256_X, -3: P256_Y}),
        other_key({1: 3, 3: -7, -1: b"\xff" * 256, -2: b"\x01\x00\x01"}),
    )


@on_one_database
def test_what_is_no_key_is_not_taken_up() -> None:
    refused_when(
        CeremonyRefusal.NO_MATCH,
        *(other_key(it) for it in ([], [1, 2], "text", 4, None, {}, {1: 2}, {1: 2, 3: -7})),
        other_key({1: 2, 3: -7, -1: 1, -2: P256_X, -3: P256_X}),
        other_key({1: 2, 3: -7, -1: 1, -2: 5, -3: 6}),
        other_key({1: 3, 3: -257, -1: b"\xff" * 128, -2: b"\x01\x00\x01"}),
    )


@on_one_database
@pytest.mark.parametrize(("bits", "is_taken"), [(2048, True), (4096, True), (8192, False)])
def test_an_rsa_key_may_not_be_endless(bits: int, is_taken: bool) -> None:
    person = newcomer()
    text = person.answer(ENROL, person.ask(ENROL))
    key = cbor2.dumps({1: 3, 3: -257, -1: b"\xff" * (bits // 8), -2: b"\x01\x00\x01"})
    outcome = person.send(ENROL, with_key(text, own_key(person), key))
    assert isinstance(outcome, Enrolled) if is_taken else outcome is CeremonyRefusal.NO_MATCH
    assert len(passkeys_of(person.account_id)) == is_taken


@on_one_database
def test_an_rsa_key_works_from_the_first_day() -> None:
    person = newcomer(Authenticator(makes_rsa=True))
    assert isinstance(person.use(ENROL), Enrolled)
    assert isinstance(person.use(SIGN_IN), SignedIn)
    person.phone.credentials[0].private_key = rsa.generate_private_key(65537, 2048)
    assert person.use(SIGN_IN) is CeremonyRefusal.NO_MATCH


# What is kept


@pytest.mark.parametrize("travels", [False, True])
def test_what_the_phone_says_of_its_key_is_kept(travels: bool) -> None:
    person = newcomer(Authenticator(travels=travels, counts=not travels))
    text = person.answer(ENROL, person.ask(ENROL))
    said = changed(text, transports=["internal", "smoke", 5, "hybrid", None, ["usb"]])
    assert isinstance(person.send(ENROL, said), Enrolled)
    (kept,), (made,) = passkeys_of(person.account_id), person.phone.credentials
    assert (kept.credential_id, kept.public_key) == (made.id, made.public_key())
    assert (kept.is_backup_eligible, kept.is_backed_up) == (travels, travels)
    assert kept.sign_count == (not travels)
    assert set(kept.transports.split()) == {"internal", "hybrid"}
    assert kept.aaguid == "ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4"


@on_one_database
@pytest.mark.parametrize("flags", [MAY_TRAVEL, MAY_TRAVEL | BACKED_UP])
def test_a_key_that_may_travel_works_with_or_without_a_copy(flags: int) -> None:
    person = newcomer(Authenticator(counts=False))
    assert isinstance(person.use(ENROL, flags=USUAL_FLAGS | flags), Enrolled)
    assert isinstance(person.use(SIGN_IN), SignedIn)


# How often it was used


@pytest.mark.parametrize("kind", PROOFS)
@pytest.mark.parametrize("count", [5, 4, 0])
def test_a_count_that_does_not_grow_is_refused_and_recorded(kind: Ceremony, count: int) -> None:
    person = member(sign_count=5)
    before = recorded()
    assert person.use(kind, sign_count=count) is CeremonyRefusal.NO_MATCH
    assert recorded() == [*before, (EventKind.AUTHN_PASSKEY_FAIL, person.account_id, None)]
    (kept,) = passkeys_of(person.account_id)
    assert (kept.sign_count, kept.last_used_at) == (5, None)
    assert isinstance(person.use(kind, sign_count=6), USED)
    assert passkeys_of(person.account_id)[0].sign_count == 6


def test_a_count_grows_from_one_way_to_the_next(clock: Clock) -> None:
    person = member(sign_count=0)
    for count, kind in enumerate(PROOFS, start=1):
        clock.advance(minutes=1)
        assert isinstance(person.use(kind, sign_count=2**30 + count), USED)
        (kept,) = passkeys_of(person.account_id)
        assert kept.sign_count == 2**30 + count
        assert kept.last_used_at == service_clock.now()
    for kind in PROOFS:
        assert person.use(kind, sign_count=2**30 + 1) is CeremonyRefusal.NO_MATCH
    assert isinstance(person.use(SIGN_IN, sign_count=2**32 - 1), USED)


def test_keys_that_keep_no_count_are_taken_again_and_again() -> None:
    person = member(Authenticator(travels=True, counts=False))
    for kind in PROOFS * 2:
        assert isinstance(person.use(kind), USED)
    assert passkeys_of(person.account_id)[0].sign_count == 0
