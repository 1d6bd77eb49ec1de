"""The audit names every change of what was sealed, and nothing else."""

import pytest

from jkn.database import transaction
from jkn.models import AuditEvent, AuditSeal, EventKind
from jkn.services.audit import audit_log, audit_seals
from jkn.services.audit.audit_log import Client
from jkn.services.audit.audit_verification import read_head
from tests.support.calls.seal_calls import audited, findings, happen, head, seal_each, tamper
from tests.support.calls.sign_in_calls import enter, entered
from tests.support.world.clock import Clock
from tests.support.world.connected import ConnectedDatabase
from tests.support.world.factories import make_account

pytestmark = pytest.mark.usefixtures("database")

# Values that somebody could write into each column.
_CHANGES = {
    "happened_at": ["'2026-05-02 02:30:00.000001'", "'infinity'"],
    "kind": ["'authn_login_success'", "'of tomorrow'", "''"],
    "account_id": ["NULL", "987654321"],
    "count": ["0", "3"],
    "session_id": ["1", "987654321"],
    "source": ["x'00'", "x''"],
    "user_agent": ["''", "user_agent || ' '"],
}


def test_every_column_is_tried() -> None:
    assert {"id", *_CHANGES} == {it.name for it in AuditEvent.__table__.columns}


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("column", "value"), [(name, value) for name, values in _CHANGES.items() for value in values]
)
def test_a_changed_event_is_named_and_no_other(
    database: ConnectedDatabase, column: str, value: str
) -> None:
    number = happen(4, account_id=make_account().id)[1]
    audit_seals.seal_due()
    if database.kind == "postgresql" and value.startswith("x'"):
        value = f"'\\{value[0]}{value[2:-1]}'"
    tamper(database, f"UPDATE security_events SET {column} = {value} WHERE id = {number}")
    (found,) = findings()
    assert found.startswith(f"event {number} was changed")


@pytest.mark.parametrize("database_copies", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("happened_at", "'yesterday'"),
        ("happened_at", "x'ff'"),
        ("account_id", "x'00'"),
        ("count", "'many'"),
        ("source", "'text'"),
        ("user_agent", "CAST(x'ff' AS TEXT)"),
        ("user_agent", "x'00'"),
        ("kind", "CAST(x'c3' AS TEXT)"),
    ],
)
def test_values_that_the_app_never_writes_hide_no_change(
    database: ConnectedDatabase, column: str, value: str
) -> None:
    seal_each(3)
    tamper(database, f"UPDATE security_events SET {column} = {value} WHERE id = 2")
    (found,) = findings()
    assert found.startswith("event 2 was changed")


@pytest.mark.parametrize(
    ("statements", "named"),
    [
        (["DELETE FROM security_events WHERE id = 4"], ["event 4 is missing"]),
        (
            ["DELETE FROM security_events WHERE id IN (3, 4)"],
            ["event 3 is missing", "event 4 is missing"],
        ),
        (
            ["UPDATE security_events SET id = 99 WHERE id = 4"],
            ["event 4 is missing"],
        ),
        (
            [
                "UPDATE security_events SET id = 99 WHERE id = 2",
                "UPDATE security_events SET id = 2 WHERE id = 4",
                "UPDATE security_events SET id = 4 WHERE id = 99",
            ],
            ["event 2 was changed", "event 4 was changed"],
        ),
    ],
)
def test_what_is_gone_or_swapped_is_named(
    database: ConnectedDatabase, statements: list[str], named: list[str]
) -> None:
    seal_each(3, 3)
    tamper(database, *statements)
    assert findings() == named


def test_the_source_of_another_event_is_named_as_a_change(
    database: ConnectedDatabase, clock: Clock
) -> None:
    for address in ("203.0.113.7", "198.51.100.9"):
        with transaction():
            audit_log.log(EventKind.AUTHN_LOGIN_FAIL, Client(address, "Tests/1.0"))
    clock.advance(minutes=10)
    assert audit_seals.seal_due() == 2
    others = "(SELECT source FROM security_events WHERE id = 2)"
    tamper(database, f"UPDATE security_events SET source = {others} WHERE id = 1")
    assert findings() == ["event 1 was changed"]


@pytest.mark.parametrize("number", [5, 0, -7])
def test_what_was_slipped_in_is_named(database: ConnectedDatabase, number: int) -> None:
    """Numbers have gaps: a transaction that is rolled back leaves one."""
    happen(10)
    gap = "DELETE FROM security_events WHERE id = 5"
    tamper(database, gap)
    assert audit_seals.seal_due() == 9
    assert findings() == []
    copied = "happened_at, kind, account_id, count, session_id, source, user_agent"
    tamper(
        database,
        f"INSERT INTO security_events (id, {copied})"
        f" SELECT {number}, {copied} FROM security_events WHERE id = 4",
    )
    assert findings() == [f"event {number} was added later"]


@pytest.mark.parametrize(
    "change",
    ["entries = previous", "digest = previous", "previous = digest", "last_id = 5", "last_id = 8",
     "after_id = 4", "sealed_at = '2026-05-02 02:30:00.000000'"],
)  # fmt: skip
def test_a_changed_seal_is_named(database: ConnectedDatabase, change: str) -> None:
    seal_each(3, 3, 3)
    tamper(database, f"UPDATE event_seals SET {change} WHERE id = 2")
    assert findings() == ["seal 2 was changed", "events after 3 up to 6 are not proved by a seal"]
    tamper(database, "DELETE FROM event_seals WHERE id = 3")
    assert findings() == ["seal 2 was changed", "events after 3 are not proved by a seal"]


def test_every_column_of_a_seal_counts() -> None:
    names = {it.name for it in AuditSeal.__table__.columns}
    assert names == {"id", "after_id", "last_id", "entries", "previous", "digest", "sealed_at"}


def test_a_seal_that_was_taken_out_is_named(database: ConnectedDatabase) -> None:
    seal_each(1, 1, 1, 1, 1)
    tamper(database, "DELETE FROM event_seals WHERE id = 2")
    assert findings() == ["seal 2 is missing", "events after 1 up to 2 are not proved by a seal"]
    tamper(database, "DELETE FROM event_seals WHERE id IN (3, 4)")
    assert findings() == [
        "seals 2 to 4 are missing",
        "events after 1 up to 4 are not proved by a seal",
    ]
    tamper(database, "DELETE FROM event_seals WHERE id = 1")
    assert findings()[0] == "seals 1 to 4 are missing"


def test_a_seal_of_another_chain_is_named(database: ConnectedDatabase) -> None:
    """A seal made with the same key in a copy of the database that went on by itself."""
    seal_each(2, 2)
    keep = "CREATE TABLE kept AS SELECT * FROM event_seals WHERE id = 2"
    tamper(database, keep, "DELETE FROM event_seals", "UPDATE security_events SET count = 9")
    assert audit_seals.seal_due() == 4
    tamper(database, "DELETE FROM event_seals WHERE id = 2")
    seal_each(1)
    tamper(database, "UPDATE event_seals SET id = 7 WHERE id = 2")
    tamper(database, "INSERT INTO event_seals SELECT * FROM kept", "DROP TABLE kept")
    assert "seal 2 does not follow on seal 1" in findings()


def test_a_tail_that_was_cut_off_is_noticed_by_who_noted_the_head(
    database: ConnectedDatabase, clock: Clock
) -> None:
    seal_each(2, 2, 2)
    noted = head()
    assert findings(noted) == []
    tamper(
        database,
        "DELETE FROM event_seals WHERE id > 1",
        "DELETE FROM security_events WHERE id > 2",
    )
    assert findings() == [], "from inside the database nobody can know"
    assert findings(noted) == ["seal 3 is missing: the newest seals were cut off"]
    clock.advance(minutes=1)
    seal_each(2, 2, 2)
    assert findings(noted) == ["seal 3 is not the one that was noted"]
    assert findings(head()) == []


def test_what_is_not_sealed_yet_is_counted() -> None:
    seal_each(2)
    happen(3, minutes_ago=2)
    found, look = audited()
    assert (found, look.sealed, look.unsealed) == ([], 2, 3)
    assert look.oldest_unsealed == "2026-05-03 02:28:00.000000"


def test_a_head_is_read_as_it_is_written() -> None:
    seal_each(1)
    assert read_head(str(head())) == read_head(f" {head()}\n") == head()
    for text_ in ("", "1", "1:", "1:abc", f"0:{head().digest}", f"1:{head().digest}B", "x" * 66):
        assert read_head(text_) is None


def test_real_events_are_sealed_and_proved(clock: Clock) -> None:
    nik = make_account().nik
    enter(nik, "salah")
    entered(nik)
    clock.advance(minutes=6)
    assert audit_seals.seal_due() == 2
    assert findings() == []
