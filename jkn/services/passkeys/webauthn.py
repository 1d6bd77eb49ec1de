"""Passkeys, the keys behind *Login dengan Biometrik*: what a phone is asked for, and whether its
answer is genuine (W3C Web Authentication Level 3, 7.1 and 7.2; security.md R32-R41).

The only module that imports the library, with the checks that it leaves to its callers (T3). It
does not touch the database: challenges are kept by `passkey_ceremonies`.
"""

import json
from collections.abc import Iterable
from typing import Any

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    decode_credential_public_key,
    decoded_public_key_to_cryptography,
    encode_cbor,
    options_to_json_dict,
    parse_cbor,
)
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorAttachment,
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    CredentialDeviceType,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialHint,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from jkn.services.basics import runtime
from jkn.services.passkeys.passkey_types import (
    AuthenticatorResponse,
    CredentialRecord,
    KnownCredential,
    NewCredential,
    VerifiedAssertion,
)

# W3C Web Authentication Level 3, 7.1 step 25.
_LONGEST_CREDENTIAL_ID = 1023
# An answer with a whole certificate chain is half as long; an RSA 4096 key is under 600 bytes.
_LONGEST_ANSWER = 16 * 1024
_LONGEST_PUBLIC_KEY = 1024
# The fewest bits of ES256 and RS256 (RFC 8812, 2), by key type, algorithm and curve (RFC 9053).
_KINDS = {(2, -7, 1): 256, (3, -257, None): 2048}
# So many bytes of a name every authenticator keeps (7.1.4 of the same).
_LONGEST_NAME = 64
_SERVICE = "Mobile JKN"
# How long a phone waits for its owner; a challenge lives longer than that.
_WAITS_MILLISECONDS = 120_000
_ALGORITHMS = [
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,
]
# What the library, the JSON reader and the CBOR reader raise at hostile input.
_NOT_READABLE = (
    WebAuthnException,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    RecursionError,
    ArithmeticError,
)

_HERE = (AuthenticatorTransport.INTERNAL.value,)


def rp_id() -> str:
    """The domain that passkeys belong to."""
    return runtime.settings().passkey_domain


def creation_options(
    challenge: bytes, user_handle: bytes, name: str, existing: Iterable[KnownCredential]
) -> dict[str, Any]:
    """What `navigator.credentials.create()` is called with: a passkey of this very phone, which is
    found without a username, and used only by somebody who unlocks the phone. `name`: what the
    phone shows; never a number."""
    shown = name.encode()[:_LONGEST_NAME].decode(errors="ignore")
    options = generate_registration_options(
        rp_id=rp_id(),
        rp_name=_SERVICE,
        user_id=user_handle,
        user_name=shown,
        user_display_name=shown,
        challenge=challenge,
        timeout=_WAITS_MILLISECONDS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            # Browsers that do not know the hint go by this.
            authenticator_attachment=AuthenticatorAttachment.PLATFORM,
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[_descriptor(it) for it in existing],
        supported_pub_key_algs=_ALGORITHMS,
        hints=[PublicKeyCredentialHint.CLIENT_DEVICE],
    )
    # The library's answer is a plain dictionary, ready for JSON.
    return options_to_json_dict(options)


def request_options(challenge: bytes, allowed: Iterable[KnownCredential] = ()) -> dict[str, Any]:
    """What `navigator.credentials.get()` is called with. `allowed`: the passkeys to look for, on
    this phone alone, so that no dialog asks for another phone; empty: any that the owner picks."""
    options = generate_authentication_options(
        rp_id=rp_id(),
        challenge=challenge,
        timeout=_WAITS_MILLISECONDS,
        allow_credentials=[_descriptor(KnownCredential(it.credential_id, _HERE)) for it in allowed],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return {**options_to_json_dict(options), "hints": [PublicKeyCredentialHint.CLIENT_DEVICE.value]}


def read_assertion(text: str) -> AuthenticatorResponse | None:
    """What a phone signed to prove a passkey; None for what no page of this app sends."""
    return _read(text, "webauthn.get")


def read_attestation(text: str) -> AuthenticatorResponse | None:
    """What a phone sent about a passkey that it made; None for what no page of this app sends."""
    return _read(text, "webauthn.create")


def verify_assertion(
    answer: AuthenticatorResponse,
    challenge: bytes,
    key: CredentialRecord,
    *,
    was_named: bool = False,
) -> VerifiedAssertion | None:
    """Judge an assertion: None unless it is by this key, for this challenge, by somebody who
    unlocked the phone. `was_named`: the phone was asked for this key, so that it need not send the
    user handle (7.2 step 6)."""
    handle = answer.user_handle
    if handle != key.user_handle and not (was_named and handle is None):
        return None
    if key.user_handle is None:
        return None
    try:
        verified = verify_authentication_response(
            credential=answer.fields,
            expected_challenge=challenge,
            expected_rp_id=rp_id(),
            expected_origin=list(runtime.settings().passkey_addresses),
            credential_public_key=key.public_key,
            credential_current_sign_count=key.sign_count,
            require_user_verification=True,
        )
    except _NOT_READABLE:
        return None
    # Whether a passkey may be copied to other phones is settled when it is made (7.2 step 19).
    if _may_travel(verified.credential_device_type) is not key.is_backup_eligible:
        return None
    return VerifiedAssertion(verified.new_sign_count, verified.credential_backed_up)


def verify_attestation(answer: AuthenticatorResponse, challenge: bytes) -> NewCredential | None:
    """Judge an attestation: None unless it is a usable key for this challenge, made by somebody who
    unlocked the phone."""
    try:
        verified = verify_registration_response(
            credential=_unattested(answer.fields),
            expected_challenge=challenge,
            expected_rp_id=rp_id(),
            expected_origin=list(runtime.settings().passkey_addresses),
            require_user_verification=True,
            supported_pub_key_algs=_ALGORITHMS,
        )
        # The library checks the key itself only when somebody signs in.
        key = decode_credential_public_key(verified.credential_public_key)
        bits = getattr(decoded_public_key_to_cryptography(key), "key_size", 0)
        is_usable = bits >= _KINDS[key.kty, key.alg, getattr(key, "crv", None)]
    except _NOT_READABLE:
        return None
    is_too_long = len(verified.credential_public_key) > _LONGEST_PUBLIC_KEY
    if verified.credential_id != answer.credential_id or is_too_long or not is_usable:
        return None
    return NewCredential(
        credential_id=verified.credential_id,
        public_key=verified.credential_public_key,
        sign_count=verified.sign_count,
        is_backup_eligible=_may_travel(verified.credential_device_type),
        is_backed_up=verified.credential_backed_up,
        aaguid=verified.aaguid,
        transports=_transports(answer.fields),
    )


def as_text(value: bytes) -> str:
    """As browsers write bytes: base64url without padding."""
    return str(bytes_to_base64url(value))


def _read(text: str, kind: str) -> AuthenticatorResponse | None:
    if len(text) > _LONGEST_ANSWER:
        return None
    try:
        fields = json.loads(text)
        response = fields["response"]
        credential_id = _bytes_of(fields["rawId"])
        handle = response.get("userHandle")
        challenge = _challenge_of(base64url_to_bytes(response["clientDataJSON"]), kind)
        user_handle = None if handle is None else _bytes_of(handle)
    except _NOT_READABLE:
        return None
    if challenge is None or not 0 < len(credential_id) <= _LONGEST_CREDENTIAL_ID:
        return None
    attachment = fields.get("authenticatorAttachment")
    is_of_this_phone = attachment == AuthenticatorAttachment.PLATFORM.value
    return AuthenticatorResponse(credential_id, challenge, user_handle, is_of_this_phone, fields)


def _challenge_of(client_data: bytes, kind: str) -> bytes | None:
    """The challenge that was signed. None: it was signed for another address, inside a page of
    another site, or for something else (7.1 steps 7 to 11, 7.2 steps 10 to 14)."""
    signed = json.loads(client_data.decode())
    if signed["type"] != kind or signed["origin"] not in runtime.settings().passkey_addresses:
        return None
    if signed.get("crossOrigin", False) is not False or "topOrigin" in signed:
        return None
    return _bytes_of(signed["challenge"])


def _bytes_of(text: str) -> bytes:
    """The bytes of a base64url text. Raises ValueError unless it is the only way to write them: an
    id that is looked up must not have two forms."""
    value = base64url_to_bytes(text)
    if as_text(value) != text:
        raise ValueError("not canonical base64url")
    return bytes(value)


def _unattested(fields: dict[str, Any]) -> dict[str, Any]:
    """The answer without the attestation by the phone's maker. It is not asked for, but old phones
    send it all the same: nothing relies on it, and nobody is refused because of it."""
    response = fields["response"]
    data = parse_cbor(base64url_to_bytes(response["attestationObject"]))["authData"]
    if not isinstance(data, bytes):
        raise ValueError("authData is not of bytes")
    plain = encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})
    return {**fields, "response": {**response, "attestationObject": as_text(plain)}}


def _may_travel(kind: CredentialDeviceType) -> bool:
    return kind is CredentialDeviceType.MULTI_DEVICE


def _transports(fields: dict[str, Any]) -> tuple[str, ...]:
    sent = fields["response"].get("transports")
    known = (it.value for it in AuthenticatorTransport)
    return tuple(it for it in known if it in sent) if isinstance(sent, list) else ()


def _descriptor(known: KnownCredential) -> PublicKeyCredentialDescriptor:
    transports = [AuthenticatorTransport(it) for it in known.transports]
    return PublicKeyCredentialDescriptor(id=known.credential_id, transports=transports or None)
