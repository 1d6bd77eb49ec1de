"""Hashing takes long on purpose and connections are few, so no request may do it with one in
hand."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import has_request_context
from sqlalchemy import Pool, event

_held_by: Counter[threading.Thread] = Counter()


@contextmanager
def hashing_without_connection() -> Iterator[None]:
    """In this block, hashing or comparing a password fails when the same thread has taken a
    database connection."""
    event.listen(Pool, "checkout", _note_taken)
    event.listen(Pool, "checkin", _note_given_back)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("hash", "verify"):
            patch.setattr(PasswordHasher, name, _watched(getattr(PasswordHasher, name)))
        yield
    event.remove(Pool, "checkout", _note_taken)
    event.remove(Pool, "checkin", _note_given_back)


def _note_taken(_connection: Any, record: Any, _proxy: Any) -> None:
    thread = record.record_info["thread"] = threading.current_thread()
    _held_by[thread] += 1


def _note_given_back(_connection: Any, record: Any) -> None:
    # Another thread may give a connection back that is not used any more.
    if thread := record.record_info.pop("thread", None):
        _held_by[thread] -= 1


def _watched(original: Any) -> Any:
    def watched(*arguments: Any, **named: Any) -> Any:
        is_held = has_request_context() and _held_by[threading.current_thread()] > 0
        assert not is_held, "a connection is held while a password is hashed"
        return original(*arguments, **named)

    return watched
