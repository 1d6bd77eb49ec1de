"""A table that refuses new rows, or some of them, while everything else works."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text

from jkn.database import session
from tests.support.world.connected import ConnectedDatabase

# SQLite knows conditions for one kind of change only, PostgreSQL only for all that is written.
_REFUSE = {
    "sqlite": (
        "CREATE TRIGGER refuse BEFORE {change} ON {table} WHEN {which}"
        " BEGIN SELECT RAISE(ABORT, 'no more rows'); END"
    ),
    "postgresql": "ALTER TABLE {table} ADD CONSTRAINT refuse CHECK (NOT ({which})) NOT VALID",
}
_ALLOW = {
    "sqlite": "DROP TRIGGER refuse",
    "postgresql": "ALTER TABLE {table} DROP CONSTRAINT refuse",
}


@contextmanager
def refused(
    database: ConnectedDatabase, table: str, change: str = "INSERT", **values: str
) -> Iterator[None]:
    """Refuse rows in this block only, since databases are reused. `values`: the values of the
    refused rows, by column; without any, every row is refused."""
    new = "NEW." if database.kind == "sqlite" else ""
    which = " AND ".join(f"{new}{name} = '{it}'" for name, it in values.items()) or "true"
    words = {"table": table, "change": change, "which": which}
    _change(database, _REFUSE[database.kind].format(**words))
    try:
        yield
    finally:
        _change(database, _ALLOW[database.kind].format(**words))


def _change(database: ConnectedDatabase, statement: str) -> None:
    session.remove()
    with database.engine.begin() as connection:
        connection.execute(text(statement))
