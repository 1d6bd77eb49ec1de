"""The test vectors of W3C Web Authentication Level 3, section 16. As it says, every secret of a
vector is derived by HKDF-SHA-256 from the vector's name and a number."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tests.support.clients.software_authenticator import as_text, written

RP_ID, ORIGIN, TOP_ORIGIN = "example.org", "https://example.org", "https://example.com"
UP, UV, BE, BS, AT = 0x01, 0x04, 0x08, 0x10, 0x40
_EXTENDED = "clientDataJSON may be extended with additional fields in the future, such as this: "


@dataclass(frozen=True)
class Ceremony:
    """One half of a vector: what was asked, and everything that is signed. `statement`: the
    attestation's format, where a key was made."""

    kind: str
    private_key: ec.EllipticCurvePrivateKey
    credential_id: bytes
    challenge: bytes
    client_data: bytes
    flags: int
    attested: bytes = b""
    statement: str = ""

    @property
    def auth_data(self) -> bytes:
        """The counter is 0 in every vector."""
        domain = hashlib.sha256(RP_ID.encode()).digest()
        return domain + bytes([self.flags]) + bytes(4) + self.attested

    @property
    def signature(self) -> bytes:
        """The same each time it is made."""
        signed = self.auth_data + hashlib.sha256(self.client_data).digest()
        return self.private_key.sign(signed, ec.ECDSA(SHA256(), deterministic_signing=True))

    @property
    def attestation_object(self) -> bytes:
        """The attestation object, in the order of canonical CBOR."""
        claim = {"alg": -7, "sig": self.signature} if self.statement == "packed" else {}
        return cbor2.dumps({"fmt": self.statement, "attStmt": claim, "authData": self.auth_data})

    def answer(self, user_handle: bytes = b"") -> str:
        """The answer as a browser would send it."""
        if self.statement:
            said = {"attestationObject": self.attestation_object}
        else:
            said = {"authenticatorData": self.auth_data, "signature": self.signature}
            said["userHandle"] = user_handle
        said["clientDataJSON"] = self.client_data
        return written(self.credential_id, "platform", **said)

    def with_flags(self, flags: int) -> Ceremony:
        """The same ceremony with other flags, signed anew."""
        return replace(self, flags=flags)


@dataclass(frozen=True)
class Vector:
    """`secrets`: the derived secrets, by the names of the standard."""

    registration: Ceremony
    authentication: Ceremony
    secrets: dict[str, bytes]


def make(name: str, *, id_bytes: int = 32, cross: bool = False, top: bool = False) -> Vector:
    """The vector of this name, of a key of ES256."""
    numbers = count()
    secrets: dict[str, bytes] = {}

    def draw(what: str, length: int) -> bytes:
        salt = bytes([next(numbers)])
        drawn = HKDF(SHA256(), length, salt, name.encode()).derive(b"WebAuthn test vectors")
        secrets[what] = drawn
        return drawn

    def client_data(kind: str, which: str, challenge: bytes) -> bytes:
        said: dict[str, Any] = {
            "type": kind,
            "challenge": as_text(challenge),
            "origin": ORIGIN,
            "crossOrigin": cross or top,
        }
        if top:
            said["topOrigin"] = TOP_ORIGIN
        if draw(f"{which}.client_data_gen_flags", 1)[0] & 1:
            said["extraData"] = _EXTENDED + as_text(draw(f"{which}.extraData_random", 16))
        return json.dumps(said, separators=(",", ":")).encode()

    challenge = draw("registration.challenge", 32)
    scalar = int.from_bytes(draw("credential_private_key", 32), "big")
    key = ec.derive_private_key(scalar, ec.SECP256R1())
    said = client_data("webauthn.create", "registration", challenge)
    aaguid = draw("aaguid", 16)
    credential_id = draw("credential_id", id_bytes)
    flags = draw("auth_data_UV_BE_BS", 1)[0] & (UV | BE | BS)
    flags = flags if flags & BE else flags & ~BS
    attested = aaguid + len(credential_id).to_bytes(2, "big") + credential_id + _cose(key)
    statement = "packed" if name.startswith("packed") else "none"
    registration = Ceremony(
        "registration", key, credential_id, challenge, said, flags | UP | AT, attested, statement
    )

    challenge = draw("authentication.challenge", 32)
    said = client_data("webauthn.get", "authentication", challenge)
    used = draw("auth_data_UV_BS", 1)[0] & (UV | BS)
    used = used | BE if flags & BE else used & ~BS
    authentication = Ceremony("authentication", key, credential_id, challenge, said, used | UP)
    return Vector(registration, authentication, secrets)


def _cose(key: ec.EllipticCurvePrivateKey) -> bytes:
    point = key.public_key().public_numbers()
    x, y = (it.to_bytes(32, "big") for it in (point.x, point.y))
    return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})
