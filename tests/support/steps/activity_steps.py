"""Writing events of the audit log for tests, and reading the list that a page shows."""

from typing import Any

from sqlalchemy import insert, select

from jkn.database import session, transaction
from jkn.models import Account, AuditEvent, EventKind
from jkn.services.basics import clock
from tests.support.clients.page_client import PageClient

ADDRESS = "203.0.113.77"
# A browser with the longest name that the app can give, and with words that must not be shown.
USER_AGENT = "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0; secret-words) SamsungBrowser/23.0"
DEVICE = "Samsung Internet di Chromebook"


def record(account: Account | None, number: int = 1, **changes: Any) -> list[int]:
    """Write this number of events; returns their ids, oldest first."""
    row = {
        "account_id": account and account.id,
        "kind": EventKind.AUTHN_LOGIN_FAIL,
        "happened_at": clock.now(),
        "source": ADDRESS,
        "user_agent": USER_AGENT,
        **changes,
    }
    with transaction():
        added = session.scalars(insert(AuditEvent).returning(AuditEvent.id), [row] * number)
        return sorted(added)


def ids(account: Account) -> list[int]:
    """The ids of all events of the account, newest first."""
    session.rollback()
    mine = select(AuditEvent.id).where(AuditEvent.account_id == account.id)
    return list(session.scalars(mine.order_by(AuditEvent.id.desc())))


def kinds_of(account: Account | None) -> list[EventKind]:
    """The kinds of events of an account, or of no account (None), oldest first."""
    session.rollback()
    whose = AuditEvent.account_id == (account and account.id)
    return list(session.scalars(select(AuditEvent.kind).where(whose).order_by(AuditEvent.id)))


def shown_ids(client: PageClient) -> list[int]:
    found = [it.get("id", "") for it in client.document.elements("li")]
    return [int(it.removeprefix("event-")) for it in found if it.startswith("event-")]
