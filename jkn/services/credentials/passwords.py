"""Password hashing: argon2id with the parameters of ASVS and a pepper. When the parameters change,
a password is hashed anew at its next use."""

import base64
import functools
import hmac
import os
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from jkn.database import session
from jkn.encryption import derive_key
from jkn.services.basics.runtime import part
from jkn.settings import Settings

# Counted in code points after NFC; the upper bound is checked before hashing (ASVS 6.2.9).
LONGEST = 128

# ASVS 5.0 appendix C. argon2-cffi's own default takes five times as long for no need here.
_SAFE = PasswordHasher(
    time_cost=2, memory_cost=19 * 1024, parallelism=1, hash_len=32, salt_len=16, type=Type.ID
)
# The least that argon2 can do, for tests: passwords in a stolen table could be guessed quickly.
_CHEAPEST = PasswordHasher(
    time_cost=1, memory_cost=8, parallelism=1, hash_len=32, salt_len=16, type=Type.ID
)
# A bulkhead: hashing takes a whole core, so few people may hash at once and few may wait. All
# others are told to come back, and pages that need no password stay fast (ASVS 15.2.2).
_WAIT_SECONDS = 5.0


class Busy(Exception):
    """Too many people wait for their turn to hash, or the turn did not come in time."""


@dataclass(frozen=True)
class _Hashing:
    """`pepper` lives in the settings and never in the database. `places`: how many may hash or
    wait for it at once in this process; `turns`: how many may hash."""

    hasher: PasswordHasher
    pepper: bytes
    hash_of_nobody: str
    places: threading.BoundedSemaphore
    turns: threading.BoundedSemaphore


@part
def _hashing(settings: Settings) -> _Hashing:
    # All of it is one part. If the hash of nobody were made later, the first unknown number would
    # take more time than a known one.
    hasher = _CHEAPEST if settings.argon2_cost == "cheapest" else _SAFE
    pepper = derive_key(settings.pepper, "password-pepper")
    # Half the threads stay free for pages that need no password.
    places = max(1, settings.web_threads // 2)
    return _Hashing(
        hasher,
        pepper,
        _hashed_once(hasher, pepper, "nobody signs in with this"),
        places=threading.BoundedSemaphore(places),
        turns=threading.BoundedSemaphore(min(os.cpu_count() or 1, places)),
    )


@contextmanager
def turn() -> Iterator[None]:
    """Wait for a turn to hash. Raises Busy when too many wait already, or it takes too long.

    Not within a transaction: the connection is given back first. If those who wait kept theirs, no
    connection might be left for the one who has the turn."""
    session.rollback()
    hashing = _hashing()
    if not hashing.places.acquire(blocking=False):
        raise Busy
    try:
        if not hashing.turns.acquire(timeout=_WAIT_SECONDS):
            raise Busy
        try:
            yield
        finally:
            hashing.turns.release()
    finally:
        hashing.places.release()


def hash_password(password: str) -> str:
    """The text to store: algorithm, parameters, salt and hash."""
    return _hashing().hasher.hash(_peppered(password))


def is_right(password_hash: str | None, password: str) -> bool:
    """Whether the password fits this hash. For None (an unknown number) and for an empty hash
    (closed until a recovery) the answer is False, and takes the same time."""
    if len(normalised(password)) > LONGEST:
        return False
    hashing = _hashing()
    try:
        matches = hashing.hasher.verify(
            password_hash or hashing.hash_of_nobody, _peppered(password)
        )
    except (VerificationError, InvalidHashError):
        return False
    return matches and bool(password_hash)


def needs_rehash(password_hash: str) -> bool:
    """True when the stored hash was made with other parameters than today's (ASVS 11.4.2)."""
    return _hashing().hasher.check_needs_rehash(password_hash)


@functools.cache
def _hashed_once(hasher: PasswordHasher, pepper: bytes, password: str) -> str:
    # Cached for tests, which bind the same secrets again and again.
    return hasher.hash(_with_pepper(pepper, password))


def _peppered(password: str) -> bytes:
    return _with_pepper(_hashing().pepper, password)


def _with_pepper(pepper: bytes, password: str) -> bytes:
    return base64.b64encode(hmac.digest(pepper, normalised(password).encode(), "sha256"))


def normalised(password: str) -> str:
    """The form that is counted, compared and hashed: the same letter typed on two phones is the
    same password (NIST SP 800-63B-4 3.1.1.2). What is longer than any password stays as it is:
    normalising it would take long, and it is refused."""
    if len(password) > 4 * LONGEST:
        return password
    return unicodedata.normalize("NFC", password)
