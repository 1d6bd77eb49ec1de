"""Databases for tests: built once by the migrations, then copied for each test."""

from __future__ import annotations

import io
import itertools
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from psycopg import sql
from sqlalchemy import create_engine

from tests.support.world.postgresql import PostgresqlServer

ROOT = Path(__file__).resolve().parents[3]
_TEMPLATE = "template_of_tests"


@dataclass(frozen=True)
class ScratchDatabase:
    """A database for one test. `kind`: "sqlite" or "postgresql"."""

    kind: str
    url: str


@contextmanager
def alembic_on(url: str) -> Iterator[Config]:
    """Alembic's configuration, bound to one connection to this database."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            config = Config(toml_file=ROOT / "pyproject.toml", stdout=io.StringIO())
            config.attributes["connection"] = connection
            yield config
            connection.commit()
    finally:
        engine.dispose()


def migrate(url: str, revision: str = "head") -> None:
    """Bring the schema up to a revision, as an operator would."""
    with alembic_on(url) as config:
        command.upgrade(config, revision)


class SqliteCopies:
    """Copies of one migrated SQLite file, in a RAM disk where there is one. A name is used again
    once its database is deleted, so that an engine of that address can be reused."""

    def __init__(self, folder: Path) -> None:
        self._template = folder / "template.sqlite3"
        self._folder = folder
        self._numbers = itertools.count(1)
        self._idle: list[Path] = []
        migrate(_sqlite_url(self._template))

    @contextmanager
    def copy(self) -> Iterator[ScratchDatabase]:
        """A clean migrated database; its file is deleted afterwards."""
        with self.empty() as database:
            shutil.copyfile(self._template, database.url.removeprefix(_sqlite_url("")))
            yield database

    @contextmanager
    def empty(self) -> Iterator[ScratchDatabase]:
        """A database without any schema, for tests of the migrations themselves."""
        file = self._idle.pop() if self._idle else self._new()
        try:
            yield ScratchDatabase("sqlite", _sqlite_url(file))
        finally:
            for end in ("", "-wal", "-shm", "-journal"):
                file.with_name(file.name + end).unlink(missing_ok=True)
            self._idle.append(file)

    def _new(self) -> Path:
        return self._folder / f"copy-{next(self._numbers)}.sqlite3"


class PostgresqlCopies:
    """Copies of one migrated PostgreSQL database. They are reused, since emptying one is many times
    faster than making another."""

    def __init__(self, server: PostgresqlServer) -> None:
        self._server = server
        self._numbers = itertools.count(1)
        self._idle: list[_Reusable] = []
        migrate(server.create(_TEMPLATE))

    @contextmanager
    def copy(self) -> Iterator[ScratchDatabase]:
        """A clean migrated database."""
        database = self._idle.pop() if self._idle else self._new()
        yield ScratchDatabase("postgresql", self._server.url(database.name))
        if database.is_clean_again():
            self._idle.append(database)
        else:
            database.close()
            self._server.drop(database.name)

    @contextmanager
    def empty(self) -> Iterator[ScratchDatabase]:
        """A database without any schema, for tests of the migrations themselves."""
        name = f"empty_{next(self._numbers)}"
        yield ScratchDatabase("postgresql", self._server.create(name))
        self._server.drop(name)

    def close(self) -> None:
        """Give the connections to all of them back."""
        for database in self._idle:
            database.close()

    def _new(self) -> _Reusable:
        name = f"copy_{next(self._numbers)}"
        self._server.create(name, _TEMPLATE)
        return _Reusable(name, self._server.connect(name))


class _Reusable:
    """A database that is emptied between tests, unless one of them changed its schema."""

    def __init__(self, name: str, connection: psycopg.Connection) -> None:
        self.name = name
        self._connection = connection
        # This role switches off the triggers that keep security events from being deleted.
        self._connection.execute("SET session_replication_role = replica")
        self._schema = self._columns_and_triggers()

    def is_clean_again(self) -> bool:
        """End other connections, delete every row, reset the sequences. False: the schema changed,
        so the database cannot be reused."""
        self._connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        if self._columns_and_triggers() != self._schema:
            return False
        self._empty_what_was_used()
        return True

    def close(self) -> None:
        """Give the connection back."""
        self._connection.close()

    def _empty_what_was_used(self) -> None:
        # TRUNCATE makes new files for every table, which is twenty times as slow.
        tables = sorted({table for table, *_ in self._schema} - {"alembic_version"})
        looks = [
            sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(it, sql.Identifier(it))
            for it in tables
        ]
        filled = self._connection.execute(sql.SQL(" UNION ALL ").join(looks)).fetchall()
        for (table,) in filled:
            self._connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
        self._connection.execute(
            "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)"
            " FROM pg_sequences WHERE last_value IS NOT NULL"
        )

    def _columns_and_triggers(self) -> list[tuple[str, ...]]:
        return self._connection.execute(
            "SELECT relname::text, attname::text, atttypid::regtype::text, attnotnull::text"
            " FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid"
            " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
            " AND attnum > 0 AND NOT attisdropped"
            " UNION ALL SELECT relname::text, tgname::text, tgenabled::text, ''"
            " FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
            " WHERE NOT tgisinternal ORDER BY 1, 2"
        ).fetchall()


DatabaseCopies = SqliteCopies | PostgresqlCopies


def fast_folder(fallback: Path) -> Path:
    """A folder for quick files: on a RAM disk if the machine has one, else `fallback`."""
    ram = Path("/dev/shm")
    return ram if ram.is_dir() and os.access(ram, os.W_OK) else fallback


def _sqlite_url(file: Path | str) -> str:
    return f"sqlite:///{file}"
