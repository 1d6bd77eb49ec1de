"""Garbage in the name of a phone breaks nothing, and only genuine answers are believed (R41). Five
thousand answers are spoilt on one layer or several, and many of them are signed again."""

import hashlib
import json
from base64 import urlsafe_b64decode
from typing import Any

import cbor2
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, update

from jkn.database import session, transaction
from jkn.models import Ceremony, Passkey, PasskeyCeremony, SignInSession
from jkn.services.basics import runtime
from jkn.services.passkeys import passkey_sign_in, webauthn
from jkn.services.passkeys.passkey_ceremonies import CeremonyRefusal
from jkn.services.passkeys.passkey_types import CredentialRecord
from tests.support.calls.passkey_calls import USED, Member, member, newcomer
from tests.support.calls.sign_in_calls import count
from tests.support.clients.software_authenticator import ORIGIN, Authenticator, Credential, as_text
from tests.support.rules.garbage_answers import (
    spoilt_attestations,
    spoilt_bytes,
    spoilt_members,
    spoilt_texts,
    spoilt_words,
)
from tests.support.world.connected import bare_settings

CHALLENGE = bytes(range(32))
DOMAIN = hashlib.sha256(b"localhost").digest()
ASKED = {
    "challenge": as_text(CHALLENGE),
    "rpId": "localhost",
    "rp": {"id": "localhost"},
    "user": {"id": as_text(b"a handle")},
}
# Half of five thousand; the other half are new keys.
MANY = 25


@pytest.fixture(autouse=True)
def _at_localhost() -> None:
    runtime.bind(bare_settings(base_url=ORIGIN))


def lenient(text: str) -> bytes:
    return urlsafe_b64decode(f"{text}===")


def said_genuinely(fields: dict[str, Any], kind: str) -> bool:
    said = json.loads(lenient(fields["response"]["clientDataJSON"]).decode())
    return (
        (said["type"], said["challenge"], said["origin"]) == (kind, ASKED["challenge"], ORIGIN)
        and said.get("crossOrigin", False) is False
        and "topOrigin" not in said
        and fields["id"] == fields["rawId"]
        and fields["type"] == "public-key"
    )


def is_signed(fields: dict[str, Any], owner: Credential) -> bool:
    """Whether the owner's key signed it, on an unlocked phone, for this domain, with a sixth
    use."""
    response, data = fields["response"], lenient(fields["response"]["authenticatorData"])
    signed = data + hashlib.sha256(lenient(response["clientDataJSON"])).digest()
    public = owner.private_key.public_key()
    assert isinstance(public, ec.EllipticCurvePublicKey)
    try:
        public.verify(lenient(response["signature"]), signed, ec.ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return (
        data[:32] == DOMAIN
        and data[32] & 0b1_1101 == 0b0_0101
        and int.from_bytes(data[33:37], "big") > 5
        and fields["rawId"] == as_text(owner.id)
        and lenient(response["userHandle"]) == owner.user_handle
    )


def is_made(fields: dict[str, Any]) -> bool:
    """Whether the key was made for this domain, on an unlocked phone, under the id that it has."""
    data = cbor2.loads(lenient(fields["response"]["attestationObject"]))["authData"]
    length = int.from_bytes(data[53:55], "big")
    key = cbor2.loads(data[55 + length :])
    return (
        data[:32] == DOMAIN
        and data[32] & 0b100_0101 == 0b100_0101
        and as_text(data[55 : 55 + length]) == fields["rawId"]
        and (key[1], key[3]) in ((2, -7), (3, -257))
    )


def answer_of(phone: Authenticator) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(phone.get(ASKED, sign_count=6))
    return answer


def spoilt_proofs(genuine: dict[str, Any], owner: Credential) -> st.SearchStrategy[str]:
    def sign(data: bytes, said: bytes) -> bytes:
        return owner.sign(data + hashlib.sha256(said).digest())

    return st.one_of(
        spoilt_texts(genuine),
        spoilt_members(genuine),
        spoilt_bytes(genuine, sign),
        spoilt_words(genuine, sign),
    )


def spoilt_keys(genuine: dict[str, Any], owner: Credential) -> st.SearchStrategy[str]:
    return st.one_of(
        spoilt_texts(genuine),
        spoilt_members(genuine),
        spoilt_bytes(genuine),
        spoilt_words(genuine),
        spoilt_attestations(genuine, owner.public_key()),
    )


def test_no_spoilt_proof_breaks_anything_or_is_believed() -> None:
    phone = Authenticator()
    phone.create(ASKED)
    owner = phone.credentials[0]
    genuine = answer_of(phone)
    key = CredentialRecord(
        owner.public_key(), 5, is_backup_eligible=False, user_handle=owner.user_handle
    )

    @settings(max_examples=MANY * settings.default.max_examples)
    @given(text=spoilt_proofs(genuine, owner))
    @example(text=json.dumps(genuine))
    def check(text: str) -> None:
        answer = webauthn.read_assertion(text)
        proof = answer and webauthn.verify_assertion(answer, CHALLENGE, key)
        passkey_sign_in.unknown_key(text, CeremonyRefusal.UNKNOWN)
        if proof is not None:
            fields = json.loads(text)
            assert said_genuinely(fields, "webauthn.get")
            assert is_signed(fields, owner)
        assert proof is not None or text != json.dumps(genuine)

    check()


def test_no_spoilt_key_breaks_anything_or_is_taken_up() -> None:
    phone = Authenticator()
    genuine = json.loads(phone.create(ASKED))
    owner = phone.credentials[0]

    @settings(max_examples=MANY * settings.default.max_examples)
    @given(text=spoilt_keys(genuine, owner))
    @example(text=json.dumps(genuine))
    def check(text: str) -> None:
        answer = webauthn.read_attestation(text)
        made = answer and webauthn.verify_attestation(answer, CHALLENGE)
        if made is not None:
            fields = json.loads(text)
            assert said_genuinely(fields, "webauthn.create")
            assert is_made(fields)
            assert len(made.public_key) <= 1024
        assert made is not None or text != json.dumps(genuine)

    check()


def ask_again(person: Member, kind: Ceremony) -> None:
    """Store the same challenge again, as if it had been asked for just now."""
    person.ask(kind)
    newest = select(func.max(PasskeyCeremony.id)).scalar_subquery()
    with transaction():
        session.execute(delete(PasskeyCeremony).where(PasskeyCeremony.id != newest))
        session.execute(update(PasskeyCeremony).values(challenge=CHALLENGE))


@pytest.mark.parametrize("database_copies", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("database")
def test_no_garbage_signs_anybody_in() -> None:
    person = member(Authenticator(counts=False))
    # An answer for another domain, so nothing that is made of it is genuine.
    genuine = json.loads(person.phone.get(ASKED, rp_id="evil.example"))
    before = count(SignInSession)

    @given(text=spoilt_proofs(genuine, person.phone.credentials[0]))
    def check(text: str) -> None:
        ask_again(person, Ceremony.SIGN_IN)
        outcome = person.send(Ceremony.SIGN_IN, text)
        assert isinstance(outcome, CeremonyRefusal), outcome

    check()
    assert count(SignInSession) == before
    assert isinstance(person.use(Ceremony.SIGN_IN), USED)


@pytest.mark.parametrize("database_copies", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("database")
def test_no_garbage_makes_a_key() -> None:
    person = newcomer()
    genuine = json.loads(person.phone.create(ASKED, rp_id="evil.example"))
    owner = person.phone.credentials.pop()

    @given(text=spoilt_keys(genuine, owner))
    def check(text: str) -> None:
        ask_again(person, Ceremony.ENROL)
        outcome = person.send(Ceremony.ENROL, text)
        assert isinstance(outcome, CeremonyRefusal), outcome

    check()
    assert count(Passkey) == 0
    assert isinstance(person.use(Ceremony.ENROL), USED)
