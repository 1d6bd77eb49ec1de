"""Every part of a new key is checked before it is taken up (R33, R34, R35)."""

import secrets
from typing import Any

import pytest

from jkn.models import Ceremony, EventKind
from jkn.services.passkeys import passkey_enrolment
from jkn.services.passkeys.passkey_ceremonies import CeremonyRefusal
from jkn.services.passkeys.passkey_enrolment import Enrolled
from jkn.services.sessions.sessions import SignedIn
from tests.support.calls.passkey_calls import (
    Change,
    Member,
    attested,
    auth_data_of,
    begin,
    member,
    newcomer,
    passkeys_of,
    refused_when,
    renamed,
)
from tests.support.calls.sign_in_calls import recorded
from tests.support.clients.software_authenticator import (
    ABSENT,
    BACKED_UP,
    HAS_KEY,
    USER_PRESENT,
    USER_VERIFIED,
    USUAL_FLAGS,
    Authenticator,
    as_text,
)

pytestmark = pytest.mark.usefixtures("database")
# These checks come before the database is read, so one database is enough.
on_one_database = pytest.mark.parametrize("database_copies", ["sqlite"], indirect=True)
ENROL, SIGN_IN = Ceremony.ENROL, Ceremony.SIGN_IN


def refused(expected: CeremonyRefusal, *lies: dict[str, Any]) -> None:
    """None of these keys is taken up, and an honest one of the same phone is."""
    refused_when(expected, *({"lies": it} for it in lies))


# What the browser says


@on_one_database
def test_what_was_said_to_another_address_makes_no_key() -> None:
    addresses = ("https://localhost", "http://localhost:1", "http://evil.example", "", None, ABSENT)
    refused(CeremonyRefusal.UNREADABLE, *({"origin": it} for it in addresses))


@on_one_database
def test_what_was_said_for_something_else_makes_no_key() -> None:
    refused(CeremonyRefusal.UNREADABLE, *({"type": it} for it in ("webauthn.get", "", None)))


@on_one_database
def test_what_was_said_within_somebody_elses_page_makes_no_key() -> None:
    words = (True, "false", None, 0, 1)
    refused(CeremonyRefusal.UNREADABLE, *({"crossOrigin": it} for it in words))


@on_one_database
def test_what_was_said_below_another_page_makes_no_key() -> None:
    pages = ("https://evil.example", "http://localhost", "", None)
    refused(CeremonyRefusal.UNREADABLE, *({"topOrigin": it} for it in pages))


# What the phone says


@on_one_database
def test_a_key_for_another_domain_is_not_taken_up() -> None:
    refused(CeremonyRefusal.NO_MATCH, {"rp_id": "evil.example"}, {"rp_id": "LOCALHOST"})


@on_one_database
def test_a_key_that_nobody_unlocked_the_phone_for_is_not_taken_up() -> None:
    refused(CeremonyRefusal.NO_MATCH, {"flags": USER_PRESENT})


@on_one_database
def test_a_key_made_with_nobody_there_is_not_taken_up() -> None:
    refused(CeremonyRefusal.NO_MATCH, {"flags": USER_VERIFIED}, {"flags": 0})


@on_one_database
def test_a_key_that_is_backed_up_and_may_not_travel_is_not_taken_up() -> None:
    refused(CeremonyRefusal.NO_MATCH, {"flags": USUAL_FLAGS | BACKED_UP})


@on_one_database
def test_flags_count_whatever_the_maker_of_the_phone_attests() -> None:
    def praised(text: str, person: Member) -> str:
        return attested(text, fmt="packed", attStmt={"alg": -7, "sig": b"x"})

    refused_when(
        CeremonyRefusal.NO_MATCH,
        {"lies": {"flags": USER_PRESENT}, "change": praised},
        {"lies": {"rp_id": "evil.example"}, "change": praised},
    )


@on_one_database
@pytest.mark.parametrize("fmt", ["packed", "tpm", "android-key", "apple", "nonsense", 7, None])
def test_what_the_maker_of_the_phone_attests_does_not_matter(fmt: object) -> None:
    person = newcomer()
    text = person.answer(ENROL, person.ask(ENROL))
    claim = {"alg": -7, "sig": b"no signature", "x5c": [b"no certificate"]}
    assert isinstance(person.send(ENROL, attested(text, fmt=fmt, attStmt=claim)), Enrolled)
    assert isinstance(person.use(SIGN_IN), SignedIn)


@on_one_database
def test_a_key_that_is_told_but_not_written_in_bytes_is_not_taken_up() -> None:
    def in_numbers(text: str, person: Member) -> str:
        return attested(text, authData=list(auth_data_of(text)))

    others = (None, 5, 2**40, "text", {}, b"", bytes(37), [256], -1)
    refused_when(
        CeremonyRefusal.NO_MATCH,
        {"change": in_numbers},
        *({"change": lambda text, _, it=it: attested(text, authData=it)} for it in others),
    )


@on_one_database
def test_what_is_cut_short_or_goes_on_is_not_taken_up() -> None:
    def cut(text: str, person: Member) -> str:
        return attested(text, authData=auth_data_of(text)[:-1])

    def longer(text: str, person: Member) -> str:
        return attested(text, authData=auth_data_of(text) + b"\x00")

    def without_key(text: str, person: Member) -> str:
        data = bytearray(auth_data_of(text)[:37])
        data[32] &= ~HAS_KEY
        return attested(text, authData=bytes(data))

    refused_when(CeremonyRefusal.NO_MATCH, *({"change": it} for it in (cut, longer, without_key)))


# The key's name


@pytest.mark.parametrize("length", [1, 16, 1023])
def test_a_name_may_be_as_long_as_the_standard_allows(length: int) -> None:
    person = newcomer()
    assert isinstance(person.use(ENROL, credential_id=secrets.token_bytes(length)), Enrolled)
    assert isinstance(person.use(SIGN_IN), SignedIn)


@on_one_database
def test_a_name_that_is_too_long_or_none_is_not_read() -> None:
    names = (secrets.token_bytes(1024), b"")
    refused(CeremonyRefusal.UNREADABLE, *({"credential_id": it} for it in names))


@on_one_database
def test_a_key_goes_by_the_name_that_the_phone_gave_it() -> None:
    def named(**names: str) -> dict[str, Change]:
        return {"change": lambda text, _: renamed(text, **names)}

    other = as_text(bytes(32))
    refused_when(
        CeremonyRefusal.NO_MATCH, named(id=other, rawId=other), named(id=other), named(rawId=other)
    )


@on_one_database
def test_a_name_is_written_in_one_way_only() -> None:
    def with_ending(ending: str) -> dict[str, Change]:
        def change(text: str, person: Member) -> str:
            name = as_text(person.phone.credentials[-1].id) + ending
            return renamed(text, id=name, rawId=name)

        return {"change": change}

    refused_when(
        CeremonyRefusal.UNREADABLE, *(with_ending(it) for it in ("=", "\n", " ", "+", "%3D"))
    )


def test_a_name_that_somebody_has_is_taken() -> None:
    owner = member()
    name = owner.phone.credentials[0].id
    thief = newcomer()
    outcome = thief.use(ENROL, credential_id=name)
    assert outcome is passkey_enrolment.EnrolmentRefusal.TAKEN
    assert recorded()[-1] == (EventKind.AUTHN_PASSKEY_FAIL, thief.account_id, None)
    assert passkeys_of(thief.account_id) == []
    assert thief.use(SIGN_IN) is CeremonyRefusal.NO_MATCH, "by the handle of the thief"
    signed_in = owner.use(SIGN_IN)
    assert isinstance(signed_in, SignedIn)
    (kept,) = passkeys_of(owner.account_id)
    assert kept.credential_id == name


def test_a_name_that_the_same_person_has_is_taken_too() -> None:
    owner = begin(member())
    name = owner.phone.credentials[0].id
    second = Member(owner.account_id, Authenticator(), "", owner.token, owner.enrolment)
    assert second.use(ENROL, credential_id=name) is passkey_enrolment.EnrolmentRefusal.TAKEN
    assert len(passkeys_of(owner.account_id)) == 1
    assert isinstance(owner.use(SIGN_IN), SignedIn)
