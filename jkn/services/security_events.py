"""The record of what touched an account's security, written with the act it tells of."""

from dataclasses import dataclass

from jkn.database import session, transactional
from jkn.models import EventKind, SecurityEvent
from jkn.services import clock

LONGEST_USER_AGENT = 300


@dataclass(frozen=True)
class Client:
    """Where a request comes from: network address and what the browser calls itself."""

    address: str
    user_agent: str


def add(
    kind: EventKind,
    client: Client,
    *,
    account_id: int | None = None,
    session_id: int | None = None,
    count: int | None = None,
) -> None:
    """Add an event to the transaction under way."""
    session.add(
        SecurityEvent(
            happened_at=clock.now(),
            kind=kind,
            account_id=account_id,
            session_id=session_id,
            count=count,
            source=client.address,
            user_agent=client.user_agent[:LONGEST_USER_AGENT],
        )
    )


@transactional
def record_refused_access(client: Client, account_id: int) -> None:
    """Somebody asked for what belongs to another family, or to nobody."""
    add(EventKind.AUTHZ_FAIL, client, account_id=account_id)
