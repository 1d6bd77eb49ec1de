"""Random tokens that stand for a row: whoever holds one is at it, and only a digest is kept."""

import hashlib
import secrets

_BYTES = 16
LENGTH = 22


def new_token() -> str:
    """`LENGTH` characters, 128 random bits, kept nowhere but where they are handed to (NIST SP
    800-63B-4 4.2.1.2)."""
    return secrets.token_urlsafe(_BYTES)


def new_secret() -> str:
    """256 random bits, for what opens an account or lasts for months."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> bytes:
    """What is kept of a token."""
    return hashlib.sha256(token.encode(errors="replace")).digest()
