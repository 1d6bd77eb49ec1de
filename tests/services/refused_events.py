"""A database that takes no security event any more, or none of one kind."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text

from jkn.database import session
from jkn.models import EventKind
from tests.support.connected import ConnectedDatabase

_REFUSE = {
    "sqlite": (
        "CREATE TRIGGER refuse BEFORE INSERT ON security_events WHEN {}"
        " BEGIN SELECT RAISE(ABORT, 'no more events'); END"
    ),
    "postgresql": "ALTER TABLE security_events ADD CONSTRAINT refuse CHECK (NOT ({})) NOT VALID",
}
_ALLOW = {
    "sqlite": "DROP TRIGGER refuse",
    "postgresql": "ALTER TABLE security_events DROP CONSTRAINT refuse",
}


def refuse(database: ConnectedDatabase, kind: EventKind | None = None) -> None:
    """From now on; None: every kind."""
    which = "true" if kind is None else f"{_new(database)}kind = '{kind}'"
    _change(database, _REFUSE[database.kind].format(which))


def allow(database: ConnectedDatabase) -> None:
    """Databases are used again."""
    _change(database, _ALLOW[database.kind])


@contextmanager
def refused(database: ConnectedDatabase, kind: EventKind) -> Iterator[None]:
    """For a while."""
    refuse(database, kind)
    try:
        yield
    finally:
        allow(database)


def _new(database: ConnectedDatabase) -> str:
    return "NEW." if database.kind == "sqlite" else ""


def _change(database: ConnectedDatabase, statement: str) -> None:
    session.remove()
    with database.engine.begin() as connection:
        connection.execute(text(statement))
