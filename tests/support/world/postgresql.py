"""A PostgreSQL server that the tests start for themselves and take down again."""

import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import LiteralString, Self

import psycopg
from psycopg import sql

from tests.support.world.processes import LeashedProcess, scratch_folder
from tests.support.world.programs import postgresql_folder
from tests.support.world.waiting import wait_until

# No data must survive a power cut, so the server does not wait for the disk. Locks time out, so
# that two connections of one test do not wait for each other for ever.
_OPTIONS = {
    "autovacuum": "off",
    "fsync": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "lock_timeout": "20s",
    "max_wal_senders": "0",
    "shared_buffers": "32MB",
    "synchronous_commit": "off",
    "wal_level": "minimal",
}


class PostgresqlServer:
    """A server on a socket in a private folder, so that no port can be taken.

    `data`: a folder for the databases, which is kept; None: they are deleted when the server stops.
    `options`: options of the server that differ from those of the tests.
    """

    def __init__(
        self, data: Path | None = None, options: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        programs = postgresql_folder()
        # PostgreSQL refuses to run as root.
        user = "postgres" if os.geteuid() == 0 else None
        folder = scratch_folder("pg")
        try:
            data = data or folder / "data"
            is_new = not data.exists()
            if is_new:
                data.mkdir(parents=True)
            if user is not None:
                account = pwd.getpwnam(user)
                for own in (folder, data):
                    os.chown(own, account.pw_uid, account.pw_gid)
            if is_new:
                _make_databases(programs / "initdb", data, user)
            chosen = [f"-c{name}={value}" for name, value in {**_OPTIONS, **options}.items()]
            self._process = LeashedProcess(
                [
                    str(programs / "postgres"),
                    "-D",
                    str(data),
                    "-k",
                    str(folder),
                    *chosen,
                ],
                folder=folder,
                # A fast stop: it does not wait for connections that a failed test left open.
                stop_signal=signal.SIGINT,
                user=user,
            )
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        self._folder = folder
        try:
            self._admin = self._connect_when_ready()
        except BaseException:
            self._process.stop()
            raise

    def url(self, name: str) -> str:
        """The SQLAlchemy address of one of its databases."""
        return f"postgresql://tests@/{name}?host={self._folder}"

    def create(self, name: str, template: str = "template0") -> str:
        """A new database, a copy of `template`; returns its address."""
        self._run("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy", name, template)
        return self.url(name)

    def drop(self, name: str) -> None:
        """Remove a database, also while connections to it are open."""
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def connect(self, name: str) -> psycopg.Connection:
        """An own connection to one of its databases."""
        return psycopg.connect(f"host={self._folder} user=tests dbname={name}", autocommit=True)

    def stop(self) -> None:
        """Take the server and its files away."""
        self._admin.close()
        self._process.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _run(self, statement: LiteralString, *names: str) -> None:
        self._admin.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def _connect_when_ready(self) -> psycopg.Connection:
        connected: list[psycopg.Connection] = []

        def is_ready() -> bool:
            try:
                connected.append(self.connect("postgres"))
            except psycopg.OperationalError as error:
                if self._process.has_ended():
                    raise RuntimeError(self._process.output()) from error
                return False
            return True

        wait_until(is_ready, "PostgreSQL took a connection", self._process.output)
        return connected[0]


def _make_databases(initdb: Path, data: Path, user: str | None) -> None:
    subprocess.run(
        [initdb, "--no-sync", "--auth=trust", "--username=tests", "--encoding=UTF8",
         "--locale=C", "--pgdata", data],
        check=True,
        capture_output=True,
        cwd=data,
        user=user,
    )  # fmt: skip
