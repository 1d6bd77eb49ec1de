"""Databases with many participants, grown once and kept for the next run.

A world of N holds N grown participants, and for each account the rows of one that was used: a
session, a known browser and an event; for every tenth also a failure counter, a spent rate limit
and a spent captcha.
"""

import secrets
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import click
from sqlalchemy import Engine, create_engine, func, make_url, select, text

from jkn import database_version
from jkn.database import connect, session, transaction
from jkn.models import (
    Account,
    AuditEvent,
    EventKind,
    FailureCounter,
    KnownDevice,
    SignInSession,
    SpentCaptcha,
    SpentRateLimit,
)
from jkn.sample import growth
from jkn.sample.bulk import put
from jkn.services.basics import clock, runtime
from jkn.settings import Settings
from tests.support.world.connected import close_session, settings_for
from tests.support.world.postgresql import PostgresqlServer

_BATCH = 5_000
# Tests switch off what protects data from a power cut; for measuring it is on, as usual.
_AS_USUAL = {
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "shared_buffers": "256MB",
    "max_wal_size": "4GB",
}


@dataclass(frozen=True)
class World:
    """`kind`: "sqlite" or "postgresql". `grown_in`: the seconds on the clock and the CPU seconds of
    this process that growing took; None when the world was there before."""

    kind: str
    participants: int
    settings: Settings
    engine: Engine
    grown_in: tuple[float, float] | None

    def enter(self) -> None:
        """Bind session and services to this world."""
        session.remove()
        session.configure(bind=self.engine)


@contextmanager
def opened(
    kind: str, sizes: Sequence[int], folder: Path, postgresql: str | None
) -> Iterator[list[World]]:
    """The worlds of these sizes, grown where they are not there yet. `postgresql`: the address of a
    server to use; None: one is started, which keeps its data in the folder."""
    with ExitStack() as stack:
        names = [f"growth_{size}" for size in sizes]
        urls = stack.enter_context(urls_of(kind, names, folder, postgresql))
        worlds = []
        for size, url in zip(sizes, urls, strict=True):
            worlds.append(
                _world(kind, size, settings_for(url, folder / "assets", {"log_level": "error"}))
            )
            stack.callback(worlds[-1].engine.dispose)
        stack.callback(close_session)
        yield worlds


@contextmanager
def urls_of(
    kind: str, names: Sequence[str], folder: Path, postgresql: str | None
) -> Iterator[list[str]]:
    """The addresses of databases with these names, which are made where they are not there yet."""
    with ExitStack() as stack:
        if kind == "sqlite":
            yield [f"sqlite:///{folder / f'{it}.sqlite3'}" for it in names]
            return
        if postgresql is None:
            own = PostgresqlServer(data=folder / "postgresql", options=_AS_USUAL)
            postgresql = stack.enter_context(own).url("postgres")
        yield [_database_on(postgresql, it) for it in names]


def _world(kind: str, size: int, settings: Settings) -> World:
    engine = connect(settings)
    runtime.bind(settings)
    database_version.migrate(engine)
    there = growth.grown()
    if there > size:
        raise SystemExit(f"{settings.database_url} holds more than {size:,} participants")
    begun = time.perf_counter(), time.process_time()
    if there < size:
        with click.progressbar(
            length=size - there, label=f"{kind}, {size:,}", file=sys.stderr
        ) as bar:

            def show(now: int) -> None:
                bar.update(now - there - bar.pos)

            growth.grow(size, today=clock.today(), progress=show)
    seconds = time.perf_counter() - begun[0], time.process_time() - begun[1]
    _use_all_accounts()
    if kind == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
    # For a world that was partly grown before, the time means nothing.
    return World(kind, size, settings, engine, None if there else seconds)


def _use_all_accounts() -> None:
    """Give every account the rows of one that was used. After an interruption it goes on with the
    first account that has none."""
    after = session.scalar(select(func.max(SignInSession.account_id))) or 0
    session.rollback()
    while True:
        with transaction():
            following = select(Account.id).where(Account.id > after).order_by(Account.id)
            accounts = list(session.scalars(following.limit(_BATCH)))
            if not accounts:
                return
            _use(accounts)
        after = accounts[-1]


def _use(accounts: list[int]) -> None:
    before = clock.now() - timedelta(days=3)
    put(
        SignInSession,
        [
            {
                "account_id": it,
                "token_digest": secrets.token_bytes(32),
                "user_agent": "Mozilla/5.0 (Linux; Android 10; K)",
                "started_at": before,
                "last_used_at": before,
            }
            for it in accounts
        ],
    )
    put(
        KnownDevice,
        [
            {
                "token_digest": secrets.token_bytes(32),
                "account_id": it,
                "last_sign_in_at": before,
            }
            for it in accounts
        ],
    )
    put(
        AuditEvent,
        [
            {
                "happened_at": before,
                "kind": EventKind.AUTHN_LOGIN_SUCCESS,
                "account_id": it,
                "source": "203.0.113.7",
                "user_agent": "Mozilla/5.0 (Linux; Android 10; K)",
            }
            for it in accounts
        ],
    )
    milliseconds = int(before.timestamp() * 1000)
    tenth = range(len(accounts) // 10)
    put(SpentCaptcha, [{"serial": secrets.token_bytes(16), "expires_at": before} for _ in tenth])
    put(SpentRateLimit, [{"key": secrets.token_bytes(32), "whole_at": milliseconds} for _ in tenth])
    put(
        FailureCounter,
        [
            {
                "key": secrets.token_bytes(32),
                "tries": 1,
                "failures": 1,
                "turned_away": 0,
                "not_before": milliseconds,
                "last_try": milliseconds,
            }
            for _ in tenth
        ],
    )


def _database_on(server: str, name: str) -> str:
    """The address of the database with this name, which is made when it is not there yet."""
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        known = text("SELECT 1 FROM pg_database WHERE datname = :name")
        if connection.scalar(known, {"name": name}) is None:
            connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return make_url(server).set(database=name).render_as_string(hide_password=False)
