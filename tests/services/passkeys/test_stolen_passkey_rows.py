"""Reading the database, or having the cookie of a phone, lets nobody in (R32, R37)."""

import base64
import secrets
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import text

from jkn.models import Ceremony, SignInSession
from jkn.services.passkeys import passkey_devices, passkey_proofs, passkey_sign_in
from jkn.services.passkeys.passkey_ceremonies import CeremonyRefusal
from jkn.services.sessions import sessions, step_up
from jkn.services.sessions.sessions import SignedIn
from tests.support.calls.passkey_calls import Member, changed, member, new_session
from tests.support.calls.sign_in_calls import BROWSER, CLIENT, count
from tests.support.clients.software_authenticator import (
    Authenticator,
    Credential,
    as_bytes,
    as_text,
)
from tests.support.world.connected import ConnectedDatabase
from tests.support.world.factories import make_account

pytestmark = pytest.mark.usefixtures("database")
SIGN_IN, UNLOCK = Ceremony.SIGN_IN, Ceremony.UNLOCK
THIEF = "the thief's browser"


def rows(database: ConnectedDatabase, table: str) -> list[dict[str, Any]]:
    """The rows of a table, as a thief reads them."""
    with database.engine.connect() as connection:
        found = connection.execute(text(f"SELECT * FROM {table}")).mappings()
        return [dict(it) for it in found]


def encodings(value: bytes) -> Iterator[str]:
    """The texts that a thief would try who has only a digest."""
    yield from (value.hex(), as_text(value), value.decode("latin-1"))
    yield base64.b64encode(value).decode()


def stolen_key(database: ConnectedDatabase) -> Credential:
    """A key as the database has it, with a private key of the thief."""
    (row,) = rows(database, "passkeys")
    (account,) = rows(database, "accounts")
    return Credential(
        id=bytes(row["credential_id"]),
        private_key=ec.generate_private_key(ec.SECP256R1()),
        user_handle=bytes(account["user_handle"]),
        flags=5,
        sign_count=row["sign_count"],
    )


def test_a_stolen_key_signs_nobody_in(database: ConnectedDatabase) -> None:
    person = member()
    key = stolen_key(database)
    (row,) = rows(database, "passkeys")
    before = count(SignInSession)
    phone = Authenticator(credentials=[key])
    forgeries = [phone.get(passkey_sign_in.options(THIEF))]
    for stolen in (row["public_key"], row["credential_id"], key.user_handle):
        said = phone.get(passkey_sign_in.options(THIEF))
        forgeries.append(changed(said, signature=as_text(bytes(stolen))))
    for it in forgeries:
        assert passkey_sign_in.sign_in(it, THIEF, CLIENT) is CeremonyRefusal.NO_MATCH
    assert count(SignInSession) == before
    assert isinstance(person.use(SIGN_IN), SignedIn)


def test_a_stolen_challenge_is_good_where_it_was_asked_for_only(
    database: ConnectedDatabase,
) -> None:
    """The thief may sign it with a key of their own, and knows a digest of who asked for it."""
    victim, thief = member(), member()
    asked = victim.ask(SIGN_IN)
    stolen = next(iter(rows(database, "passkey_ceremonies")))
    assert bytes(stolen["challenge"]) == as_bytes(asked["challenge"]), "this is all there is"
    replayed = {"rpId": "localhost", "challenge": as_text(bytes(stolen["challenge"]))}
    for browser in (THIEF, "", BROWSER[:-1], *encodings(bytes(stolen["holder"]))):
        said = thief.phone.get(replayed)
        assert passkey_sign_in.sign_in(said, browser, CLIENT) is CeremonyRefusal.EXPIRED
    assert isinstance(victim.send(SIGN_IN, victim.answer(SIGN_IN, asked)), SignedIn)


def test_a_stolen_digest_of_a_phone_is_no_phone(database: ConnectedDatabase) -> None:
    person = member()
    (stolen,) = rows(database, "passkey_devices")
    for token in encodings(bytes(stolen["token_digest"])):
        assert passkey_devices.id_here(person.account_id, token) is None
        assert not passkey_devices.is_anybodys(token)
        assert passkey_proofs.options(person.record, UNLOCK, token) is None
    assert passkey_devices.is_anybodys(person.device)


def test_the_cookie_of_a_phone_opens_nothing_by_itself(database: ConnectedDatabase) -> None:
    victim = member()
    own_session = new_session(make_account())
    thief = Member(victim.account_id, Authenticator(), victim.device, own_session, browser=THIEF)
    assert sessions.resume(victim.device) is None
    before = count(SignInSession)
    forged = Authenticator(credentials=[stolen_key_of(victim)]).get(thief.ask(SIGN_IN))
    assert thief.send(SIGN_IN, forged) is CeremonyRefusal.NO_MATCH
    assert thief.send(SIGN_IN, "{}") is CeremonyRefusal.UNREADABLE
    assert passkey_proofs.options(thief.record, UNLOCK, victim.device) is None, (
        "not in this account"
    )
    assert count(SignInSession) == before


def test_a_stolen_session_and_cookie_give_no_step_up_without_the_key() -> None:
    victim, thief_phone = member(), Authenticator()
    thief_phone.credentials.append(stolen_key_of(victim))
    forged = thief_phone.get(victim.ask(UNLOCK))
    assert victim.send(UNLOCK, forged) is CeremonyRefusal.NO_MATCH
    assert not step_up.is_open(victim.record)
    random = changed(forged, signature=as_text(secrets.token_bytes(71)))
    assert victim.send(UNLOCK, random) is CeremonyRefusal.EXPIRED


def stolen_key_of(person: Member) -> Credential:
    (key,) = person.phone.credentials
    return replace(key, private_key=ec.generate_private_key(ec.SECP256R1()), sign_count=9)


def test_nothing_secret_of_a_phone_stands_in_the_database(database: ConnectedDatabase) -> None:
    person = member()
    person.use(SIGN_IN)
    (key,) = person.phone.credentials
    assert isinstance(key.private_key, ec.EllipticCurvePrivateKey)
    scalar = key.private_key.private_numbers().private_value.to_bytes(32, "big")
    tables = ("passkeys", "passkey_devices", "passkey_ceremonies", "known_devices", "accounts")
    stored = [it for table in tables for row in rows(database, table) for it in row.values()]
    held = b"|".join(bytes(it) for it in stored if isinstance(it, bytes | memoryview))
    held += "|".join(it for it in stored if isinstance(it, str)).encode()
    assert key.public_key() in held
    for secret in (scalar, person.device.encode(), BROWSER.encode()):
        assert secret not in held
