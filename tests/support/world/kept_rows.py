"""All rows of a test's database, kept so that they can be put back, there
or in another, any number of times."""

import sqlite3
from typing import Any

from psycopg import sql

from jkn.database import Base, session
from tests.support.world.connected import ConnectedDatabase


class KeptRows:
    """Every row as it was when this was made."""

    def __init__(self, database: ConnectedDatabase) -> None:
        self._file = sqlite3.connect(":memory:")
        self._tables: dict[str, bytes] = {}
        session.remove()
        with database.engine.connect() as connection:
            driver = connection.connection.driver_connection
            if database.kind == "sqlite":
                _as_file(driver).backup(self._file)
            else:
                self._tables = {it: _written(driver, it) for it in _tables()}

    def put_back(self, database: ConnectedDatabase) -> None:
        """Make them all the rows of this database, which is of the same kind."""
        session.remove()
        with database.engine.connect() as connection:
            driver = connection.connection.driver_connection
            if database.kind == "sqlite":
                self._file.backup(_as_file(driver))
            else:
                _fill(driver, self._tables)

    def close(self) -> None:
        """Forget the rows."""
        self._file.close()


def _tables() -> list[str]:
    return [it.name for it in Base.metadata.sorted_tables]


def _as_file(driver: object) -> sqlite3.Connection:
    assert isinstance(driver, sqlite3.Connection)
    return driver


def _written(driver: Any, table: str) -> bytes:
    with driver.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))) as rows:
        return b"".join(rows)


def _fill(driver: Any, tables: dict[str, bytes]) -> None:
    # This role switches off the triggers that keep security events from being deleted, and the
    # checks of foreign keys.
    driver.execute("SET LOCAL session_replication_role = replica")
    for table, rows in tables.items():
        name = sql.Identifier(table)
        driver.execute(sql.SQL("DELETE FROM {}").format(name))
        if rows:
            with driver.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(name)) as target:
                target.write(rows)
    driver.commit()
