"""Databases for tests: built once by the migrations, then copied for each test."""

import io
import itertools
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from tests.support.postgresql import PostgresqlServer

ROOT = Path(__file__).resolve().parents[2]
_TEMPLATE = "template_of_tests"


@dataclass(frozen=True)
class ScratchDatabase:
    """A database of one test's own. `kind` is "sqlite" or "postgresql"."""

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
    """Copies of one migrated SQLite file, in memory-backed folders where there are any."""

    def __init__(self, folder: Path) -> None:
        self._template = folder / "template.sqlite3"
        self._folder = folder
        self._numbers = itertools.count(1)
        migrate(_sqlite_url(self._template))

    @contextmanager
    def copy(self) -> Iterator[ScratchDatabase]:
        """A clean migrated database; its file goes afterwards."""
        with self.empty() as database:
            shutil.copyfile(self._template, database.url.removeprefix(_sqlite_url("")))
            yield database

    @contextmanager
    def empty(self) -> Iterator[ScratchDatabase]:
        """A database without any schema, for tests of the migrations themselves."""
        file = self._folder / f"copy-{next(self._numbers)}.sqlite3"
        try:
            yield ScratchDatabase("sqlite", _sqlite_url(file))
        finally:
            for leftover in self._folder.glob(f"{file.name}*"):
                leftover.unlink()


class PostgresqlCopies:
    """Copies of one migrated PostgreSQL database, made by the server itself."""

    def __init__(self, server: PostgresqlServer) -> None:
        self._server = server
        self._numbers = itertools.count(1)
        migrate(server.create(_TEMPLATE))

    @contextmanager
    def copy(self) -> Iterator[ScratchDatabase]:
        """A clean migrated database; it is dropped afterwards, whoever is still connected."""
        with self._database(_TEMPLATE) as database:
            yield database

    @contextmanager
    def empty(self) -> Iterator[ScratchDatabase]:
        """A database without any schema, for tests of the migrations themselves."""
        with self._database("template0") as database:
            yield database

    @contextmanager
    def _database(self, template: str) -> Iterator[ScratchDatabase]:
        name = f"test_{os.getpid()}_{next(self._numbers)}"
        url = self._server.create(name, template)
        try:
            yield ScratchDatabase("postgresql", url)
        finally:
            self._server.drop(name)


DatabaseCopies = SqliteCopies | PostgresqlCopies


def fast_folder(fallback: Path) -> Path:
    """Where files are quick: a RAM disk when the machine has one that may be written."""
    ram = Path("/dev/shm")
    return ram if ram.is_dir() and os.access(ram, os.W_OK) else fallback


def _sqlite_url(file: Path | str) -> str:
    return f"sqlite:///{file}"
