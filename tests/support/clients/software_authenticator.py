"""A phone's authenticator in software: keys, counters and flags of its own, and the browser's part
of the ceremony (W3C Web Authentication Level 3). It shares no code with the app, and its
signatures are real.

Keyword arguments make it lie: another origin, a missing flag, a counter that does not grow.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

ORIGIN = "http://localhost"
USER_PRESENT, USER_VERIFIED, MAY_TRAVEL, BACKED_UP, HAS_KEY = 0x01, 0x04, 0x08, 0x10, 0x40
USUAL_FLAGS = USER_PRESENT | USER_VERIFIED
# Leaves a member of the client data out: `crossOrigin=ABSENT`.
ABSENT = object()
_AAGUID = bytes.fromhex("ea9b8d664d011d213ce4b6b48cb575d4")


def as_text(value: bytes) -> str:
    """Bytes as browsers write them: base64url."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def as_bytes(text: str) -> bytes:
    """Back from `as_text`."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Credential:
    """A key that the phone made. `sign_count` of 0 stays 0, as with keys that travel."""

    id: bytes
    private_key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
    user_handle: bytes
    flags: int
    sign_count: int

    def public_key(self) -> bytes:
        """The public key in COSE (RFC 9053)."""
        if isinstance(self.private_key, rsa.RSAPrivateKey):
            numbers = self.private_key.public_key().public_numbers()
            modulus = numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8, "big")
            return cbor2.dumps({1: 3, 3: -257, -1: modulus, -2: numbers.e.to_bytes(3, "big")})
        point = self.private_key.public_key().public_numbers()
        x, y = (it.to_bytes(32, "big") for it in (point.x, point.y))
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})

    def sign(self, data: bytes) -> bytes:
        """Sign by ES256 or RS256, as the key is made."""
        if isinstance(self.private_key, rsa.RSAPrivateKey):
            return self.private_key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        return self.private_key.sign(data, ec.ECDSA(hashes.SHA256()))


@dataclass
class Authenticator:
    """One phone. `counts`: whether its keys count how often they are used."""

    counts: bool = True
    travels: bool = False
    makes_rsa: bool = False
    credentials: list[Credential] = field(default_factory=list)

    def create(
        self,
        options: dict[str, Any],
        *,
        credential_id: bytes | None = None,
        flags: int | None = None,
        rp_id: str | None = None,
        **client_data: object,
    ) -> str:
        """Answer `navigator.credentials.create()`; returns what the script puts into the form."""
        if flags is None:
            flags = USUAL_FLAGS | (MAY_TRAVEL | BACKED_UP if self.travels else 0)
        made = Credential(
            id=secrets.token_bytes(32) if credential_id is None else credential_id,
            private_key=_rsa_key() if self.makes_rsa else ec.generate_private_key(ec.SECP256R1()),
            user_handle=as_bytes(options["user"]["id"]),
            flags=flags,
            sign_count=1 if self.counts else 0,
        )
        self.credentials.append(made)
        key = _AAGUID + len(made.id).to_bytes(2, "big") + made.id + made.public_key()
        head = _head(rp_id or options["rp"]["id"], flags | HAS_KEY, made.sign_count)
        attested = {"fmt": "none", "attStmt": {}, "authData": head + key}
        return written(
            made.id,
            clientDataJSON=_client_data("webauthn.create", options, client_data),
            attestationObject=cbor2.dumps(attested),
            transports=["internal"],
        )

    def get(
        self,
        options: dict[str, Any],
        *,
        credential: Credential | None = None,
        flags: int | None = None,
        rp_id: str | None = None,
        sign_count: int | None = None,
        user_handle: bytes | None = None,
        where: str = "platform",
        **client_data: object,
    ) -> str:
        """Answer `navigator.credentials.get()` with this key, or the newest one that is allowed."""
        used = credential or self._allowed(options)
        if sign_count is None:
            used.sign_count += 1 if self.counts else 0
            sign_count = used.sign_count
        head = _head(rp_id or options["rpId"], used.flags if flags is None else flags, sign_count)
        said = _client_data("webauthn.get", options, client_data)
        return written(
            used.id,
            where,
            clientDataJSON=said,
            authenticatorData=head,
            signature=used.sign(head + hashlib.sha256(said).digest()),
            userHandle=used.user_handle if user_handle is None else user_handle,
        )

    def _allowed(self, options: dict[str, Any]) -> Credential:
        allowed = [as_bytes(it["id"]) for it in options.get("allowCredentials", [])]
        return [it for it in self.credentials if not allowed or it.id in allowed][-1]


def written(credential_id: bytes, where: str = "platform", **response: bytes | list[str]) -> str:
    """The answer as the page's script writes it. `where`: "cross-platform" for a phone that is used
    beside a computer."""
    encoded = {name: as_text(it) if isinstance(it, bytes) else it for name, it in response.items()}
    name = as_text(credential_id)
    return json.dumps(
        {
            "id": name,
            "rawId": name,
            "type": "public-key",
            "response": encoded,
            "authenticatorAttachment": where,
        }
    )


def _client_data(kind: str, options: dict[str, Any], changes: dict[str, object]) -> bytes:
    usual = {
        "type": kind,
        "challenge": options["challenge"],
        "origin": ORIGIN,
        "crossOrigin": False,
    }
    said = {name: it for name, it in (usual | changes).items() if it is not ABSENT}
    return json.dumps(said, separators=(",", ":")).encode()


def _head(rp_id: str, flags: int, sign_count: int) -> bytes:
    return hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + sign_count.to_bytes(4, "big")


def _rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)
