"""A request that hashes holds no connection: hashing takes long on purpose, connections are few."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import has_request_context
from sqlalchemy import QueuePool

from jkn.database import session


@contextmanager
def hashing_without_connection() -> Iterator[None]:
    """Within it a request that hashes or compares a password in the middle of a transaction is an
    error, whichever rule does so."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("hash", "verify"):
            patch.setattr(PasswordHasher, name, _watched(getattr(PasswordHasher, name)))
        yield


def _watched(original: Any) -> Any:
    def watched(*arguments: Any, **named: Any) -> Any:
        if has_request_context():
            pool = session.get_bind().engine.pool
            assert isinstance(pool, QueuePool)
            assert pool.checkedout() == 0, "a connection is held while a password is hashed"
        return original(*arguments, **named)

    return watched
