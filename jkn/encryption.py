"""Authenticated encryption and keyed indexes for personal data.

AES-256-GCM by the `cryptography` library (ASVS 11.3.2). Every ciphertext carries the id of
its key, so keys can be rotated while the app runs: the first key of the ring writes, all keys read.
"""

import hashlib
import hmac
import secrets
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_KEY_ID_BYTES = 4
_NONCE_BYTES = 12


class NotReadable(Exception):
    """The ciphertext was changed, belongs elsewhere, or its key is not in the ring."""


class Keyring:
    """Encrypts with the first key, decrypts with any. `context` binds a value to its place: in
    another context it cannot be decrypted. Raises ValueError without a key."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys:
            raise ValueError("a keyring needs at least one key")
        self._ciphers = {_key_id(key): AESGCM(_derive(key, b"encrypt")) for key in keys}
        self._index_keys = [_derive(key, b"index") for key in keys]
        self._first = _key_id(keys[0])

    def encrypt(self, context: str, plain: str) -> bytes:
        """Key id, nonce and ciphertext in one value."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = self._ciphers[self._first].encrypt(nonce, plain.encode(), context.encode())
        return self._first + nonce + sealed

    def decrypt(self, context: str, sealed: bytes) -> str:
        """The text that was encrypted. Raises NotReadable for anything that `encrypt` did not make
        in this context with a key of the ring."""
        cipher = self._ciphers.get(sealed[:_KEY_ID_BYTES])
        if cipher is None:
            raise NotReadable(context)
        nonce = sealed[_KEY_ID_BYTES : _KEY_ID_BYTES + _NONCE_BYTES]
        try:
            return cipher.decrypt(
                nonce, sealed[_KEY_ID_BYTES + _NONCE_BYTES :], context.encode()
            ).decode()
        except (InvalidTag, ValueError) as error:
            raise NotReadable(context) from error

    def is_current(self, sealed: bytes) -> bool:
        """False when an older key wrote this value, so that rotation must write it anew."""
        return sealed[:_KEY_ID_BYTES] == self._first

    def index(self, context: str, plain: str) -> list[bytes]:
        """Keyed digests to find a value by, that of the current key first; search for all."""
        message = context.encode() + b"\x00" + plain.encode()
        return [hmac.digest(key, message, "sha256") for key in self._index_keys]


def derive_key(secret: str, purpose: str) -> bytes:
    """32 bytes for one purpose from a long random secret."""
    return _derive(secret.encode(), purpose.encode())


def _derive(key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"jkn:" + purpose).derive(key)


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"jkn:key-id:" + key).digest()[:_KEY_ID_BYTES]
