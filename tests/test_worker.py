"""The worker as it runs: a process that is woken, killed, stopped, and left alone."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path

import pytest
from sqlalchemy import select, update

from jkn.database import session, transaction
from jkn.gateways import task_queue
from jkn.models import MessageState, OutboxMessage
from jkn.services.basics import clock
from jkn.services.operations import periodic
from tests.support.gateways.http_stub import Exchange, HttpStub, http_stub
from tests.support.world.connected import SECRETS, ConnectedDatabase
from tests.support.world.databases import ROOT
from tests.support.world.ports import reserved_port
from tests.support.world.programs import ToolMissing, skip_without
from tests.support.world.redis_server import running_redis
from tests.support.world.running_worker import running_worker, write_messages
from tests.support.world.waiting import wait_until

pytestmark = [pytest.mark.real_time, pytest.mark.both_databases]


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
    # A minute passes, after which the message is nobody's.
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


def test_two_workers_share_the_work_and_double_none(database: ConnectedDatabase) -> None:
    with http_stub(accepts) as gateway:
        with running_worker(database.settings, gateway), running_worker(database.settings, gateway):
            written = write_messages(40)
            until_all_is_handed_over()
        assert sorted(ids_at(gateway)) == sorted(written)


def test_without_its_queue_it_looks_by_itself(database: ConnectedDatabase, tmp_path: Path) -> None:
    away = f"sqlite:///{tmp_path / 'nowhere' / 'queue.sqlite3'}"
    task_queue.configure(away)
    with http_stub(accepts) as gateway, running_worker(database.settings, gateway):
        write_messages()
        until_all_is_handed_over()


def test_redis_may_come_and_go(database: ConnectedDatabase) -> None:
    with reserved_port() as port, http_stub(accepts) as gateway:
        url = f"redis://127.0.0.1:{port}/0"
        task_queue.configure(url)
        with running_worker(database.settings, gateway, JKN_QUEUE_URL=url) as process:
            for is_there in (True, False, True):
                with redis_at(port) if is_there else nullcontext():
                    write_messages(2)
                    until_all_is_handed_over()
            assert not process.has_ended()
        assert len(ids_at(gateway)) == len(set(ids_at(gateway))) == 6


@contextmanager
def redis_at(port: int) -> Iterator[None]:
    try:
        with running_redis(port):
            yield
    except ToolMissing as missing:
        skip_without(missing)


@pytest.mark.parametrize("database_copies", ["postgresql"], indirect=True)
def test_postgresql_can_be_the_queue(database: ConnectedDatabase) -> None:
    url = database.settings.database_url
    task_queue.configure(url)
    with (
        http_stub(accepts) as gateway,
        running_worker(database.settings, gateway, JKN_QUEUE_URL=url),
    ):
        write_messages(3)
        until_all_is_handed_over()


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
    ended = subprocess.run(
        [sys.executable, "-m", "jkn.worker"],
        cwd=ROOT,
        env={
            "PATH": os.defpath,
            **{f"JKN_{name.upper()}": it for name, it in SECRETS.items()},
            "JKN_DATABASE_URL": f"sqlite:///{tmp_path / 'empty.sqlite3'}",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode != 0
    assert "flask prepare" in ended.stderr
