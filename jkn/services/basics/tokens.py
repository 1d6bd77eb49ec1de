"""Random tokens that stand for a row. The token gives access to the row; only a digest is kept."""

import hashlib
import secrets

_BYTES = 16
LENGTH = 22


def new_token() -> str:
    """A token of 128 random bits in `LENGTH` characters (NIST SP 800-63B-4 4.2.1.2)."""
    return secrets.token_urlsafe(_BYTES)


def new_secret() -> str:
    """A token of 256 random bits, for what opens an account or lasts for months."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> bytes:
    """The SHA-256 of a token, which is all that is kept of it."""
    return hashlib.sha256(token.encode(errors="replace")).digest()


def mark(token: str) -> str:
    """A short name of a token, for a page to say which one it is about without holding it."""
    return digest(token).hex()[:16]
