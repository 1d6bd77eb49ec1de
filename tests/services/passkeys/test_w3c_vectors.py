"""The standard's own examples: genuine ones are accepted, unless they lack what this app asks for
in addition (W3C Web Authentication Level 3, 16)."""

from dataclasses import replace

import pytest

from jkn.services.basics import runtime
from jkn.services.passkeys import webauthn
from jkn.services.passkeys.passkey_types import CredentialRecord, NewCredential, VerifiedAssertion
from tests.support.rules.w3c_vectors import (
    BE,
    BS,
    ORIGIN,
    RP_ID,
    UP,
    UV,
    Ceremony,
    Vector,
    make,
)
from tests.support.world.connected import bare_settings

NAMES = ("none.ES256", "packed-self.ES256", "none.ES256.long-credential-id")
HANDLE = b"a handle of the account"


@pytest.fixture(autouse=True)
def _at_example_org() -> None:
    runtime.bind(bare_settings(base_url=ORIGIN, passkey_rp_id=RP_ID))


def vector(name: str) -> Vector:
    return make(
        name,
        id_bytes=1023 if "long" in name else 32,
        cross="crossOrigin" in name,
        top="topOrigin" in name,
    )


def made_by(ceremony: Ceremony) -> NewCredential | None:
    answer = webauthn.read_attestation(ceremony.answer())
    return None if answer is None else webauthn.verify_attestation(answer, ceremony.challenge)


def proof_of(ceremony: Ceremony, key: CredentialRecord) -> VerifiedAssertion | None:
    answer = webauthn.read_assertion(ceremony.answer(HANDLE))
    return None if answer is None else webauthn.verify_assertion(answer, ceremony.challenge, key)


def key_of(it: Vector) -> CredentialRecord:
    """The key as it is kept, whether or not its owner was verified."""
    new = made_by(it.registration.with_flags(it.registration.flags | UV))
    assert new is not None
    return CredentialRecord(new.public_key, new.sign_count, new.is_backup_eligible, HANDLE)


def test_the_secrets_are_those_that_the_standard_prints() -> None:
    secrets = make("none.ES256").secrets
    printed = {
        "registration.challenge": "00c30fb78531c464d2b6771dab8d7b60"
        "3c01162f2fa486bea70f283ae556e130",
        "credential_private_key": "6e68e7a58484a3264f66b77f5d6dc5bc"
        "36a47085b615c9727ab334e8c369c2ee",
        "aaguid": "8446ccb9ab1db374750b2367ff6f3a1f",
        "credential_id": "f91f391db4c9b2fde0ea70189cba3fb63f579ba6122b33ad94ff3ec330084be4",
    }
    assert {name: secrets[name].hex() for name in printed} == printed


def test_what_is_signed_is_what_the_standard_prints() -> None:
    plain, packed = make("none.ES256"), make("packed-self.ES256")
    assert plain.authentication.auth_data.hex() == (
        "bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b51900000000"
    )
    assert plain.authentication.signature.hex() == (
        "3046022100f50a4e2e4409249c4a853ba361282f09841df4dd4547a13a87780218deffcd38"
        "0221008480ac0f0b93538174f575bf11a1dd5d78c6e486013f937295ea13653e331e87"
    )
    assert packed.registration.signature.hex() == (
        "30440220067a20754ab925005dbf378097c92120031581c73228d1fb4f5b881bcd7da983"
        "02207fc7b147558c7c0eba3af18bd9d121fa3d3a26d17fe3f220272178f473b6006d"
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_key_of_the_standard_is_taken_up_if_its_owner_was_verified(name: str) -> None:
    made = vector(name).registration
    is_verified = bool(made.flags & UV)
    assert (made_by(made) is not None) == is_verified
    # Nothing else than the flag makes the difference.
    assert made_by(made.with_flags(made.flags & ~UV)) is None
    new = made_by(made.with_flags(made.flags | UV))
    assert new is not None
    assert new.credential_id == made.credential_id
    assert new.aaguid.replace("-", "") == vector(name).secrets["aaguid"].hex()
    assert (new.sign_count, new.is_backup_eligible) == (0, bool(made.flags & BE))
    assert new.is_backed_up == bool(made.flags & BS)


@pytest.mark.parametrize("name", NAMES)
def test_what_such_a_key_signed_is_genuine_if_its_owner_was_verified(name: str) -> None:
    it = vector(name)
    used, key = it.authentication, key_of(it)
    assert (proof_of(used, key) is not None) == bool(used.flags & UV)
    assert proof_of(used.with_flags(used.flags & ~UV), key) is None
    proof = proof_of(used.with_flags(used.flags | UV), key)
    assert proof is not None
    assert (proof.sign_count, proof.is_backed_up) == (0, bool(used.flags & BS))


@pytest.mark.parametrize("name", NAMES)
def test_one_bit_more_or_less_is_not_genuine(name: str) -> None:
    it = vector(name)
    key = key_of(it)
    used = it.authentication.with_flags(it.authentication.flags | UV)
    assert proof_of(used, key) is not None
    assert proof_of(used, replace(key, public_key=key_of(make("another")).public_key)) is None
    assert proof_of(used, replace(key, is_backup_eligible=not key.is_backup_eligible)) is None
    assert proof_of(used.with_flags(used.flags & ~UP), key) is None
    answer = webauthn.read_assertion(used.answer(HANDLE))
    assert answer is not None
    assert webauthn.verify_assertion(answer, it.registration.challenge, key) is None
    assert webauthn.verify_assertion(answer, used.challenge, replace(key, user_handle=b"x")) is None


@pytest.mark.parametrize("name", ["none.ES256.crossOrigin", "none.ES256.topOrigin"])
def test_what_was_said_within_another_page_is_refused_for_that_alone(name: str) -> None:
    it = vector(name)
    plain = make(name)
    for half, same_but in (
        (it.registration, plain.registration),
        (it.authentication, plain.authentication),
    ):
        assert half.challenge == same_but.challenge
        read = webauthn.read_attestation if half.statement else webauthn.read_assertion
        assert read(half.answer(HANDLE)) is None
        assert read(same_but.answer(HANDLE)) is not None


def test_a_name_of_a_byte_more_is_refused() -> None:
    longest, too_long = (make("none.ES256.long-credential-id", id_bytes=it) for it in (1023, 1024))
    for half in (longest.registration, longest.authentication):
        read = webauthn.read_attestation if half.statement else webauthn.read_assertion
        assert read(half.answer(HANDLE)) is not None
    for half in (too_long.registration, too_long.authentication):
        read = webauthn.read_attestation if half.statement else webauthn.read_assertion
        assert read(half.answer(HANDLE)) is None
