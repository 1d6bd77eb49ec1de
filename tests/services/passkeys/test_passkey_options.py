"""Phones are told as little as possible about an account (R35, R39)."""

import json

import pytest

from jkn.database import session
from jkn.models import Account, Ceremony
from tests.support.calls.passkey_calls import Member, begin, member, newcomer
from tests.support.clients.software_authenticator import Authenticator, as_bytes, as_text
from tests.support.world.factories import make_account, make_participant, make_passkey

pytestmark = [
    pytest.mark.usefixtures("database"),
    # Nothing here depends on the database.
    pytest.mark.parametrize("database_copies", ["sqlite"], indirect=True),
]
ENROL = Ceremony.ENROL


def handle_of(person: Member) -> bytes:
    return as_bytes(person.ask(ENROL)["user"]["id"])


def test_an_account_goes_by_a_long_random_name() -> None:
    first, second = newcomer(), newcomer()
    handles = [handle_of(it) for it in (first, second)]
    assert {len(it) for it in handles} == {64}
    assert handles[0] != handles[1]
    for person, handle in zip((first, second), handles, strict=True):
        assert handle == person.account.user_handle
        assert len(set(handle)) > 32, "as many different bytes as chance gives"
        assert person.account.nik.encode() not in handle


def test_the_name_has_nothing_of_the_number() -> None:
    """The same person in two databases has two names."""
    participant = make_participant()
    first = newcomer(account=make_account(participant))
    handle = handle_of(first)
    account = first.account
    nik = account.nik
    session.rollback()
    account.user_handle = None
    session.commit()
    assert handle_of(begin(first)) != handle
    assert first.account.nik == nik


def test_an_account_keeps_its_name() -> None:
    person = newcomer()
    handle = handle_of(person)
    assert not isinstance(person.use(ENROL), str)
    begin(person)
    assert handle_of(person) == handle
    assert not isinstance(person.use(ENROL), str)
    again = begin(person.again())
    assert handle_of(again) == handle
    assert {it.user_handle for it in person.phone.credentials} == {handle}


def test_phones_are_told_the_name_of_the_person_and_no_number() -> None:
    account = make_account(phone="+6281239074651", email="siti.aminah@contoh.id")
    person = newcomer(account=account)
    options = person.ask(ENROL)
    told, account = json.dumps(options, ensure_ascii=False), person.account
    assert account.participant is not None
    private = [account.nik, account.participant.card_number, "81239074651", account.email or ""]
    assert account.name in told
    for it in private:
        assert it not in told
        assert as_text(it.encode()) not in told
    assert options["user"]["name"] == options["user"]["displayName"] == account.name


def test_a_long_name_is_cut_between_letters() -> None:
    person = newcomer(account=make_account(name="Ñ" * 40))
    assert person.ask(ENROL)["user"]["name"] == "Ñ" * 32


def test_phones_are_asked_for_a_key_of_their_own_that_only_their_owner_uses() -> None:
    options = newcomer().ask(ENROL)
    assert options["rp"] == {"id": "localhost", "name": "Mobile JKN"}
    chosen = options["authenticatorSelection"]
    assert chosen["residentKey"] == "required"
    assert chosen["userVerification"] == "required"
    assert chosen["authenticatorAttachment"] == "platform"
    assert options["hints"] == ["client-device"]
    assert options["attestation"] == "none"
    assert options["pubKeyCredParams"] == [
        {"type": "public-key", "alg": -7},
        {"type": "public-key", "alg": -257},
    ]
    assert options["excludeCredentials"] == []


def test_a_phone_that_has_a_key_of_the_account_makes_no_second_one() -> None:
    person, other = begin(member()), member()
    elsewhere = Authenticator()
    make_passkey(session.get_one(Account, person.account_id), elsewhere)
    excluded = person.ask(ENROL)["excludeCredentials"]
    keys = [person.phone.credentials[0], elsewhere.credentials[0]]
    assert sorted(it["id"] for it in excluded) == sorted(as_text(it.id) for it in keys)
    assert other.phone.credentials[0].id not in [as_bytes(it["id"]) for it in excluded]
    assert {(it["type"], *it["transports"]) for it in excluded} == {("public-key", "internal")}
