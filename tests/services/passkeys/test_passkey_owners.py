"""A key opens the account of its owner, and only where that very key was asked for (R35, R36)."""

from typing import Any

import pytest

from jkn.database import session, transaction
from jkn.models import Account, Ceremony
from jkn.services.passkeys import passkey_proofs, passkey_sign_in
from jkn.services.passkeys.passkey_ceremonies import CeremonyRefusal
from jkn.services.sessions import step_up
from jkn.services.sessions.sessions import RotatedToken, SignedIn
from tests.support.calls.passkey_calls import (
    PROOFS,
    Answer,
    Member,
    changed,
    member,
    refused_everywhere,
    renamed,
    said,
    told,
)
from tests.support.calls.sign_in_calls import BROWSER, CLIENT
from tests.support.clients.software_authenticator import Authenticator, Credential, as_text
from tests.support.world.factories import make_account, make_passkey

pytestmark = pytest.mark.usefixtures("database")
# These checks come before the database is read, so one database is enough.
on_one_database = pytest.mark.parametrize("database_copies", ["sqlite"], indirect=True)


# Whose it is


@on_one_database
def test_a_handle_of_nobody_proves_nothing() -> None:
    handles = (bytes(64), b"\x00", b"\xff" * 65, b"")
    refused_everywhere(CeremonyRefusal.NO_MATCH, *(told(user_handle=it) for it in handles))


@on_one_database
def test_somebody_elses_handle_proves_nothing() -> None:
    other = make_account()
    make_passkey(other, Authenticator())
    handle = session.get_one(Account, other.id).user_handle
    refused_everywhere(CeremonyRefusal.NO_MATCH, told(user_handle=handle))


@on_one_database
def test_without_a_handle_nobody_gets_in_where_nobody_was_asked_for() -> None:
    person = member()
    nameless = said("userHandle", None)
    outcome = person.send(Ceremony.SIGN_IN, nameless(person, person.ask(Ceremony.SIGN_IN)))
    assert outcome is CeremonyRefusal.NO_MATCH
    # When a certain key is asked for, phones need not say whose it is (7.2 step 6).
    for kind in (Ceremony.UNLOCK, Ceremony.CONFIRM):
        outcome = person.send(kind, nameless(person, person.ask(kind)))
        assert isinstance(outcome, RotatedToken), kind


@on_one_database
def test_a_handle_that_is_none_is_not_read() -> None:
    handles = ("AB", "A", "AA==", "é", "+/+/", 7, [], {}, True, "\x00")
    refused_everywhere(CeremonyRefusal.UNREADABLE, *(said("userHandle", it) for it in handles))


def test_an_answer_without_a_handle_opens_no_account_that_has_none() -> None:
    person = member()
    with transaction():
        person.account.user_handle = None
    for kind in PROOFS:
        text = changed(person.answer(kind, person.ask(kind)), userHandle=None)
        assert person.send(kind, text) is CeremonyRefusal.NO_MATCH


@on_one_database
def test_an_answer_that_contradicts_itself_proves_nothing() -> None:
    def with_names(**names: object) -> Answer:
        return lambda it, asked: renamed(it.phone.get(asked), **names)

    changes = ({"id": "AAAA"}, {"id": None}, {"type": "password"}, {"type": 1})
    refused_everywhere(CeremonyRefusal.NO_MATCH, *(with_names(**it) for it in changes))


@on_one_database
def test_a_key_has_one_name_only() -> None:
    def with_ending(ending: str) -> Answer:
        def answer(person: Member, asked: dict[str, Any]) -> str:
            name = as_text(person.phone.credentials[0].id) + ending
            return renamed(person.phone.get(asked), id=name, rawId=name)

        return answer

    endings = ("=", "==", "\n", " ", "+", "%3D")
    refused_everywhere(CeremonyRefusal.UNREADABLE, *(with_ending(it) for it in endings))


def test_a_key_that_nobody_has_is_unknown() -> None:
    person, stranger = member(), Authenticator()
    handle = as_text(person.phone.credentials[0].user_handle)
    stranger.create({"user": {"id": handle}, "rp": {"id": "localhost"}, "challenge": ""})
    for kind in PROOFS:
        text = stranger.get(person.ask(kind), credential=stranger.credentials[0])
        assert person.send(kind, text) is CeremonyRefusal.UNKNOWN
    text = stranger.get(person.ask(Ceremony.SIGN_IN))
    outcome = passkey_sign_in.sign_in(text, BROWSER, CLIENT)
    name = as_text(stranger.credentials[0].id)
    assert passkey_sign_in.unknown_key(text, CeremonyRefusal.UNKNOWN) == name
    assert outcome is CeremonyRefusal.UNKNOWN
    assert passkey_sign_in.unknown_key(text, CeremonyRefusal.NO_MATCH) is None


# Which one was asked for


@pytest.mark.parametrize("kind", [Ceremony.UNLOCK, Ceremony.CONFIRM])
def test_another_persons_fingerprint_opens_nothing_here(kind: Ceremony) -> None:
    mine, theirs = member(), member()
    text = theirs.phone.get(mine.ask(kind), credential=theirs.phone.credentials[0])
    assert mine.send(kind, text) is CeremonyRefusal.NO_MATCH
    assert not step_up.is_open(mine.record)
    assert mine.record.confirmed_at is None
    assert isinstance(theirs.use(Ceremony.SIGN_IN), SignedIn), "it is a good key"
    assert isinstance(mine.use(kind), RotatedToken)


@pytest.mark.parametrize("kind", [Ceremony.UNLOCK, Ceremony.CONFIRM])
def test_the_owners_key_of_another_phone_opens_nothing_here(kind: Ceremony) -> None:
    mine, other_phone = member(), Authenticator()
    make_passkey(mine.account, other_phone)
    options = mine.ask(kind)
    assert [it["id"] for it in options["allowCredentials"]] == [name_of(mine.phone.credentials[0])]
    text = other_phone.get(options, credential=other_phone.credentials[0])
    assert mine.send(kind, text) is CeremonyRefusal.NO_MATCH
    assert not step_up.is_open(mine.record)
    assert isinstance(mine.use(kind), RotatedToken)


@pytest.mark.parametrize("kind", [Ceremony.UNLOCK, Ceremony.CONFIRM])
def test_on_a_phone_without_a_key_none_is_asked_for_and_none_is_taken(kind: Ceremony) -> None:
    mine = member()
    text = mine.answer(kind, mine.ask(kind))
    for device in (None, "", "another browser"):
        assert passkey_proofs.options(mine.record, kind, device) is None
        assert not passkey_proofs.is_possible(mine.record, device)
    assert passkey_proofs.verify(mine.record, kind, text, CLIENT, None) is CeremonyRefusal.NO_MATCH
    assert not step_up.is_open(mine.record)


def name_of(key: Credential) -> str:
    return as_text(key.id)
