"""Health: whether the process can work with its database, which may be away, old, or hang."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url, text

from jkn.database import connect, session, transaction
from jkn.database_version import Schema
from jkn.services.operations import health
from jkn.services.operations.health import Findings
from tests.support.calls.code_calls import write_message
from tests.support.world.at_once import at_once
from tests.support.world.clock import Clock
from tests.support.world.connected import (
    ConnectedDatabase,
    bind_changed,
    close_session,
    connections_out,
    schema_called,
    taking_no_writes,
)
from tests.support.world.queries import QueryCounter

pytestmark = pytest.mark.both_databases

Question = Callable[[], object]
# No such folder, and a port that nobody listens on: those below 1024 are not given to tests.
AWAY = {"sqlite": "sqlite:////no/such/folder/jkn.sqlite3",
        "postgresql": "postgresql+psycopg://jkn@127.0.0.1:9/jkn"}  # fmt: skip


def found() -> Findings:
    findings = health.look()
    assert findings is not None
    return findings


def test_a_database_of_this_version_is_well(database: ConnectedDatabase) -> None:
    write_message()
    assert found().schema is Schema.SAME
    assert found().is_schema_usable
    assert found().backlog.is_worked_on
    assert sum(it.waiting for it in found().backlog.channels.values()) == 1


@pytest.mark.parametrize(
    ("version", "is_usable"), [("0001", False), ("none", False), ("9999", True)]
)
def test_a_schema_is_usable_unless_it_is_behind(
    database: ConnectedDatabase, version: str, is_usable: bool
) -> None:
    """A newer schema is fine: the next version migrates while this one still serves."""
    with schema_called(database, version):
        assert found().is_schema_usable == is_usable


def test_the_outbox_is_not_worked_on_when_nobody_takes_its_messages(
    database: ConnectedDatabase, clock: Clock
) -> None:
    write_message()
    clock.advance(minutes=5)
    assert not found().backlog.is_worked_on


@pytest.mark.parametrize("question", [health.look, health.figures])
def test_a_database_that_is_away_is_no_answer(
    database: ConnectedDatabase, question: Question
) -> None:
    assert question() is not None
    close_session()
    connect(database.settings.model_copy(update={"database_url": AWAY[database.kind]}))
    assert question() is None
    close_session()
    connect(database.settings)
    assert question() is not None
    close_session()


def test_a_database_that_takes_no_writes_is_found_out(database: ConnectedDatabase) -> None:
    assert found().is_writable
    with taking_no_writes(database):
        assert not found().is_writable
        assert found().schema is Schema.SAME
    assert found().is_writable


@pytest.mark.parametrize("question", [health.look, health.figures])
def test_a_database_that_hangs_is_no_answer_while_it_hangs(
    database: ConnectedDatabase, question: Question
) -> None:
    """Ten requests hold up only one connection, so the others stay free for people."""
    with hanging(database):
        assert at_once(10, lambda _: question()) == [None] * 10
        assert connections_out(database) <= 1
    assert question() is not None


def test_requests_that_come_meanwhile_share_the_answer(
    database: ConnectedDatabase, queries: QueryCounter
) -> None:
    with queries.counted() as one:
        found()
    assert one
    with hanging(database):
        assert found_nothing()
        with queries.counted() as none:
            assert found_nothing()
        assert none == []
    # Wait for the question that hung, so that the next test asks anew.
    found()


def test_asking_leaves_the_askers_transaction_alone(database: ConnectedDatabase) -> None:
    with transaction():
        session.execute(text("SELECT 1"))
        before = session.connection()
        assert found().schema is Schema.SAME
        assert session.connection() is before


def test_asking_again_and_again_keeps_no_connection(database: ConnectedDatabase) -> None:
    for _ in range(30):
        found()
    assert connections_out(database) == 0


def test_a_server_that_was_told_to_end_is_leaving(
    database: ConnectedDatabase, tmp_path: Path
) -> None:
    assert not health.is_leaving()
    bind_changed(run_dir=tmp_path)
    assert not health.is_leaving()
    health.announce_leaving(tmp_path)
    health.announce_leaving(tmp_path)
    assert health.is_leaving()
    bind_changed(run_dir=None)
    assert not health.is_leaving()


@pytest.mark.parametrize("database_copies", ["postgresql"], indirect=True)
@pytest.mark.parametrize(("asked", "given"), [("", "20000"), ("tcp_user_timeout=7000", "7000")])
def test_a_server_that_vanished_is_given_up(
    database: ConnectedDatabase, asked: str, given: str
) -> None:
    url = database.settings.database_url
    url += f"{'&' if '?' in url else '?'}{asked}"
    engine = connect(database.settings.model_copy(update={"database_url": url}))
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        used = driver.info.get_parameters()
    engine.dispose()
    assert used["tcp_user_timeout"] == given
    assert (used["connect_timeout"], used["keepalives_idle"]) == ("5", "10")


def found_nothing() -> bool:
    return health.look() is None


@contextmanager
def hanging(database: ConnectedDatabase) -> Iterator[None]:
    """Hold a lock that every question needs, so that statements are sent and not answered."""
    close_session()
    url = make_url(database.settings.database_url)
    if database.kind == "postgresql":
        dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(dsn) as other:
            other.execute("LOCK TABLE alembic_version, outbox_messages")
            yield
        return
    other_sqlite = sqlite3.connect(str(url.database), isolation_level=None)
    try:
        other_sqlite.execute("PRAGMA locking_mode=EXCLUSIVE")
        other_sqlite.execute("BEGIN EXCLUSIVE")
        yield
    finally:
        other_sqlite.close()
