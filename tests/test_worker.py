"""The worker in a process of its own: it delivers messages, is killed, stopped and orphaned."""

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select, text, update

from jkn import worker
from jkn.database import session, transaction
from jkn.models import MessageState, OutboxMessage
from jkn.services.basics import clock
from jkn.services.operations import periodic
from tests.support.gateways.http_stub import Exchange, HttpStub, http_stub
from tests.support.world.connected import SECRETS, ConnectedDatabase
from tests.support.world.databases import ROOT
from tests.support.world.running_worker import running_worker, write_messages
from tests.support.world.waiting import PATIENCE_SECONDS, wait_until

pytestmark = pytest.mark.real_time


def accepts(exchange: Exchange) -> None:
    exchange.answer(202, b'{"id": "delivery-1"}')


def ids_at(gateway: HttpStub) -> list[str]:
    """What the gateway was handed, in the order in which it came."""
    return [json.loads(it.body)["id"] for it in gateway.received]


def states() -> set[MessageState]:
    session.rollback()
    found = set(session.scalars(select(OutboxMessage.state)))
    session.rollback()
    return found


def until_all_is_handed_over() -> None:
    wait_until(lambda: states() == {MessageState.HANDED_OVER}, "all was handed over")


def test_what_is_written_is_handed_over_and_the_worker_stops_in_peace(
    database: ConnectedDatabase,
) -> None:
    with http_stub(accepts) as gateway:
        with running_worker(database.settings, gateway):
            written = write_messages(5)
            until_all_is_handed_over()
        assert sorted(ids_at(gateway)) == sorted(written)
    received = gateway.received[0]
    assert received.headers["Idempotency-Key"] == json.loads(received.body)["id"]


@pytest.mark.both_databases
def test_a_worker_that_is_killed_between_hand_over_and_note_loses_nothing(
    database: ConnectedDatabase,
) -> None:
    """The gateway has the message and the database does not know: the same id comes again."""
    with http_stub(lambda exchange: exchange.hang()) as deaf:
        with running_worker(database.settings, deaf) as process:
            (written,) = write_messages()
            wait_until(lambda: deaf.received, "the gateway was asked")
            process.kill()
        assert ids_at(deaf) == [written]
    assert MessageState.WAITING in states()
    # A minute passes, after which another worker may take the message.
    with transaction():
        session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.state == MessageState.WAITING)
            .values(due_at=clock.now())
        )
    with http_stub(accepts) as gateway:
        with running_worker(database.settings, gateway):
            until_all_is_handed_over()
        assert ids_at(gateway) == [written]


@pytest.mark.both_databases
def test_two_workers_share_the_work_and_double_none(database: ConnectedDatabase) -> None:
    with http_stub(accepts) as gateway:
        with running_worker(database.settings, gateway), running_worker(database.settings, gateway):
            written = write_messages(40)
            until_all_is_handed_over()
        assert sorted(ids_at(gateway)) == sorted(written)


def test_a_worker_that_has_time_looks_several_times_a_second_and_never_rests_from_work(
    database: ConnectedDatabase,
) -> None:
    rests = []

    class Stop(threading.Event):
        """The event of a worker that is never stopped; messages are written while it rests."""

        def wait(self, timeout: float | None = None) -> bool:
            rests.append(timeout)
            write_messages(3)
            return False

    stop, looking = Stop(), threading.Lock()
    taken = [worker.next_message(stop, looking) for _ in range(3)]
    assert len({it.id for it in taken if it}) == 3
    assert rests == [worker.LOOKS_EVERY_SECONDS]
    assert worker.LOOKS_EVERY_SECONDS <= 0.25


def test_one_worker_hands_several_over_at_once(database: ConnectedDatabase) -> None:
    """Each waits at the gateway until the others are there, too."""
    together = threading.Barrier(3)

    def accepts_three(exchange: Exchange) -> None:
        together.wait(PATIENCE_SECONDS)
        accepts(exchange)

    with (
        http_stub(accepts_three) as gateway,
        running_worker(database.settings, gateway, JKN_WORKER_THREADS="3"),
    ):
        written = write_messages(3)
        until_all_is_handed_over()
    assert sorted(ids_at(gateway)) == sorted(written)


def test_a_worker_told_to_stop_ends_what_is_under_way_and_begins_nothing(
    database: ConnectedDatabase,
) -> None:
    def is_stopped_meanwhile(exchange: Exchange) -> None:
        process.tell()
        wait_until(lambda: "worker_ends" in process.output(), "it was told", process.output)
        accepts(exchange)

    write_messages(3)
    with (
        http_stub(is_stopped_meanwhile) as gateway,
        running_worker(database.settings, gateway, JKN_WORKER_THREADS="1") as process,
    ):
        wait_until(process.has_ended, "it ended", process.output)
        assert len(gateway.received) == 1
    assert states() == {MessageState.HANDED_OVER, MessageState.WAITING}


def test_a_worker_ends_by_itself_when_the_server_that_started_it_is_gone(
    database: ConnectedDatabase,
) -> None:
    """A process whose parent has ended becomes a child of process 1."""
    ended = run_worker(database.settings.database_url, JKN_WORKER_ENDS_WITH="1")
    assert ended.returncode == 0
    assert "worker_ends" in ended.stderr


@pytest.mark.both_databases
def test_a_database_that_is_away_is_logged_and_found_again(database: ConnectedDatabase) -> None:
    with http_stub(accepts) as gateway, running_worker(database.settings, gateway) as process:
        write_messages()
        until_all_is_handed_over()
        with table_away(database):
            wait_until(lambda: "database_away" in process.output(), "it noticed", process.output)
        write_messages()
        until_all_is_handed_over()
        assert not process.has_ended()


@contextmanager
def table_away(database: ConnectedDatabase) -> Iterator[None]:
    """Take a table away: it works like a database that is away, without touching other tests."""

    def rename(name: str, other: str) -> None:
        with database.engine.begin() as connection:
            connection.execute(text(f"ALTER TABLE {name} RENAME TO {other}"))

    rename("outbox_messages", "elsewhere")
    try:
        yield
    finally:
        rename("elsewhere", "outbox_messages")


@pytest.mark.both_databases
def test_what_repeats_is_done_at_the_start_and_by_one_of_two(database: ConnectedDatabase) -> None:
    def done() -> list[str]:
        lines = one.output() + other.output()
        return sorted(re.findall(r"periodic_work_done.*work=(\S+)", lines))

    two = ExitStack()
    with two, http_stub(accepts) as gateway:
        one, other = (
            two.enter_context(running_worker(database.settings, gateway)) for _ in range(2)
        )
        wait_until(lambda: len(done()) >= len(periodic.WORK), "all was done", one.output)
        assert done() == sorted(periodic.WORK)


def test_a_database_that_is_not_migrated_ends_the_start_in_words(tmp_path: Path) -> None:
    ended = run_worker(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    assert ended.returncode != 0
    assert "flask prepare" in ended.stderr


def run_worker(database_url: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a worker until it ends by itself."""
    return subprocess.run(
        [sys.executable, "-m", "jkn.worker"],
        cwd=ROOT,
        env={
            "PATH": os.defpath,
            **{f"JKN_{name.upper()}": it for name, it in SECRETS.items()},
            "JKN_DATABASE_URL": database_url,
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )
