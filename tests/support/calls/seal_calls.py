"""The audit log: writing events of the past, sealing them, and tampering with them."""

from datetime import timedelta

from sqlalchemy import create_engine, insert, select, text

from jkn.database import session, transaction
from jkn.models import AuditEvent, AuditSeal, EventKind
from jkn.services.audit import audit_seals
from jkn.services.audit.audit_verification import Audit, Head
from jkn.services.basics import clock
from tests.support.world.connected import ConnectedDatabase

_WITHOUT_TRIGGERS = tuple(
    f"DROP TRIGGER IF EXISTS {table}_{name}"
    for table in ("security_events", "event_seals")
    for name in ("stay", "unchanged", "not_replaced")
)


def happen(number: int = 1, minutes_ago: float = 10, account_id: int | None = None) -> list[int]:
    """Write events at one moment, all different; returns their ids."""
    row = {
        "account_id": account_id,
        "kind": EventKind.AUTHN_LOGIN_FAIL,
        "happened_at": clock.now() - timedelta(minutes=minutes_ago),
        "source": "203.0.113.7",
        "user_agent": "Mozilla/5.0 (Linux; Android 10; K)",
    }
    rows = [{**row, "user_agent": f"{row['user_agent']} {it}"} for it in range(number)]
    with transaction():
        added = session.scalars(insert(AuditEvent).returning(AuditEvent.id), rows)
        return sorted(added)


def seal_each(*numbers: int) -> None:
    """Make one seal for each of these numbers of events."""
    for number in numbers:
        happen(number)
        assert audit_seals.seal_due() == number


def seals() -> list[tuple[int, int, int]]:
    """Number, last event of the seal before, and last event of each seal."""
    session.rollback()
    columns = (AuditSeal.id, AuditSeal.after_id, AuditSeal.last_id)
    rows = session.execute(select(*columns).order_by(AuditSeal.id))
    return [(number, after, last) for number, after, last in rows]


def audited(noted: Head | None = None) -> tuple[list[str], Audit]:
    """Every finding of the audit, and its figures."""
    session.rollback()
    look = Audit(noted)
    return list(look.findings(lambda: None)), look


def findings(noted: Head | None = None) -> list[str]:
    return audited(noted)[0]


def head() -> Head:
    found = audited()[1].head
    assert found is not None
    return found


def tamper(database: ConnectedDatabase, *statements: str) -> None:
    """Run these as the owner of the database, whom no trigger and no foreign key stops."""
    session.remove()
    is_sqlite = database.kind == "sqlite"
    # This connection does not enforce foreign keys. On SQLite triggers can only be dropped, which
    # is fine, since each test has a file of its own.
    owner = create_engine(database.settings.database_url) if is_sqlite else database.engine
    before = _WITHOUT_TRIGGERS if is_sqlite else ("SET LOCAL session_replication_role = replica",)
    with owner.begin() as connection:
        for statement in (*before, *statements):
            connection.execute(text(statement))
    owner.dispose()
