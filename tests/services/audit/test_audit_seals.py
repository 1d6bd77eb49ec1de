"""Sealing: all settled events are sealed once and in order, and nobody has to wait for it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

from jkn.database import session
from jkn.models import AuditEvent, AuditSeal
from jkn.services.audit import audit_seals
from jkn.services.audit.audit_seals import BATCH, SETTLED_AFTER
from jkn.services.audit.audit_verification import Audit
from jkn.services.basics import clock
from jkn.services.operations import periodic
from tests.support.calls.seal_calls import audited, findings, happen, head, seal_each, seals
from tests.support.calls.sign_in_calls import entered
from tests.support.world.at_once import at_once
from tests.support.world.clock import Clock
from tests.support.world.collected_logs import collected_logs
from tests.support.world.connected import ConnectedDatabase
from tests.support.world.factories import make_account
from tests.support.world.queries import QueryCounter
from tests.support.world.waiting import PATIENCE_SECONDS

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.both_databases]


def test_without_events_there_is_nothing_to_seal() -> None:
    assert audit_seals.seal_due() == 0
    assert seals() == []
    assert findings() == []


def test_each_seal_follows_on_the_one_before() -> None:
    seal_each(3, 1, 2)
    assert seals() == [(1, 0, 3), (2, 3, 4), (3, 4, 6)]
    assert audit_seals.seal_due() == 0
    session.rollback()
    first, second, third = session.scalars(select(AuditSeal).order_by(AuditSeal.id))
    assert (second.previous, third.previous) == (first.digest, second.digest)
    assert (len(first.digest), len(first.entries)) == (32, 3 * 24)


def test_only_what_has_settled_is_sealed(clock: Clock) -> None:
    """An event with a lower id may not be committed yet."""
    minutes = SETTLED_AFTER.total_seconds() / 60
    old = happen(2, minutes_ago=minutes + 0.01)
    happen(1, minutes_ago=minutes)
    happen(1, minutes_ago=60)
    assert audit_seals.seal_due() == 2
    assert seals() == [(1, 0, old[-1])]
    _, look = audited()
    assert (look.sealed, look.unsealed) == (2, 2)
    clock.advance(seconds=1)
    assert audit_seals.seal_due() == 2


def test_three_thousand_events_make_batches_of_a_thousand(queries: QueryCounter) -> None:
    happen(3_001)
    with queries.counted() as statements:
        assert audit_seals.seal_due() == 3_001
    assert [last - after for _, after, last in seals()] == [BATCH, BATCH, BATCH, 1]
    # Each batch takes three statements: read the newest seal, read the events, write the seal.
    assert len(statements) == 12
    found, look = audited()
    assert (found, look.sealed, look.unsealed) == ([], 3_001, 0)


def test_the_worker_seals_every_minute(clock: Clock) -> None:
    happen(2)
    assert "event_seals.seal_due" in periodic.run_due()
    happen(1)
    assert "event_seals.seal_due" not in periodic.run_due()
    clock.advance(minutes=1)
    assert "event_seals.seal_due" in periodic.run_due()
    assert seals() == [(1, 0, 2), (2, 2, 3)]


def test_the_log_shows_each_head_as_it_is(app: Flask) -> None:
    """No part of a digest may look like a number, which the log would mask."""
    with collected_logs() as lines:
        for _ in range(8):
            seal_each(1)
            told = [it for it in lines if "events_sealed" in it]
            assert head().digest in told[-1]
    assert len(told) == 8
    assert "[number]" not in " ".join(told)


def test_several_workers_at_once_make_one_chain() -> None:
    happen(2_500)
    sealed = at_once(6, lambda _: audit_seals.seal_due())
    assert not all(audit_seals.seal_due() for _ in range(10)), "there is always more to seal"
    assert sum(sealed) <= 2_500
    chain = seals()
    assert [number for number, _, _ in chain] == list(range(1, len(chain) + 1))
    assert [after for _, after, _ in chain] == [0, *(last for _, _, last in chain)][:-1]
    found, look = audited()
    assert (found, look.sealed, look.unsealed) == ([], 2_500, 0)


def sign_in_elsewhere(nik: str) -> None:
    """Sign in within another thread, with a database session of its own."""

    def enter() -> None:
        try:
            assert entered(nik)
        finally:
            session.remove()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(enter).result(PATIENCE_SECONDS)


def test_nobody_waits_while_events_are_read(database: ConnectedDatabase) -> None:
    nik = make_account().nik
    happen(10)
    looked: list[str] = []

    def meanwhile(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "FROM security_events" in statement and not looked:
            looked.append(statement)
            sign_in_elsewhere(nik)

    event.listen(database.engine, "after_cursor_execute", meanwhile)
    assert audit_seals.seal_due() == 10
    assert looked
    assert findings() == []


def test_no_transaction_is_open_while_digests_are_made() -> None:
    seal_each(2, 2)
    was_open: list[bool] = []
    assert list(Audit().findings(lambda: was_open.append(session().in_transaction()))) == []
    happen(2)
    events = audit_seals.events_after(4)
    was_open.append(session().in_transaction())
    assert len(events) == 2
    assert was_open == [False, False, False]


# On SQLite all writers wait for each other anyway, for as long as one INSERT takes.
@pytest.mark.parametrize("database_copies", ["postgresql"], indirect=True)
def test_nobody_waits_while_a_seal_is_not_committed(database: ConnectedDatabase) -> None:
    nik = make_account().nik
    happen(10)
    written: list[str] = []

    def meanwhile(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("INSERT INTO event_seals") and not written:
            written.append(statement)
            sign_in_elsewhere(nik)

    event.listen(database.engine, "after_cursor_execute", meanwhile)
    assert audit_seals.seal_due() == 10
    assert written


def test_the_transaction_that_writes_holds_one_statement(database: ConnectedDatabase) -> None:
    happen(10)
    session.remove()
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    def begun(_connection: Any) -> None:
        sent.append("a transaction")

    event.listen(database.engine, "begin", begun)
    event.listen(database.engine, "before_cursor_execute", note)
    audit_seals.seal_due()
    last = len(sent) - 1 - sent[::-1].index("a transaction")
    written = [it for it in sent[last + 1 :] if not it.startswith("BEGIN")]
    assert len(written) == 1
    assert written[0].startswith("INSERT INTO event_seals")


def test_what_cannot_be_read_is_not_sealed_as_if_it_were_well(database: ConnectedDatabase) -> None:
    with database.engine.begin() as connection:
        connection.execute(
            AuditEvent.__table__.insert().values(
                kind="authn_login_fail", happened_at=clock.now() - timedelta(hours=1),
                source="203.0.113.7", user_agent="",
            )
        )  # fmt: skip
        connection.exec_driver_sql("UPDATE security_events SET source = user_agent::bytea"
                                   if database.kind == "postgresql" else
                                   "UPDATE security_events SET source = user_agent")  # fmt: skip
    assert "event_seals.seal_due" not in periodic.run_due()
    assert seals() == []
