"""Writing notifications for tests, and reading the list and the bell that a page shows."""

from typing import Any

from sqlalchemy import insert, select

from jkn.database import session, transaction
from jkn.models import Account, Notification
from jkn.services.basics import clock
from tests.support.clients.markup import text_of
from tests.support.clients.page_client import PageClient

# One topic that says all there is to say, and the button that it has.
STAYS = "wrong_passwords"
MARK = "Tandai sudah dibaca: Kata sandi salah berkali-kali"
MARK_ALL = "Tandai semua sudah dibaca"
MORE = "Tampilkan yang lebih lama"


def tell(account: Account, number: int = 1, topic: str = STAYS, **changes: Any) -> list[int]:
    """Write this number of notifications; returns their ids, oldest first."""
    row = {
        "account_id": account.id,
        "topic": topic,
        "facts": '{"count": 100, "device": "Chrome di Android", "device_kind": "HP"}',
        "happened_at": clock.now(),
        **changes,
    }
    with transaction():
        added = session.scalars(insert(Notification).returning(Notification.id), [row] * number)
        return sorted(added)


def unread(account: Account) -> list[int]:
    session.rollback()
    mine = select(Notification.id).where(Notification.account_id == account.id)
    unread = mine.where(Notification.read_at.is_(None)).order_by(Notification.id)
    return list(session.scalars(unread))


def bell(client: PageClient) -> str | None:
    found = client.document.by_id("bell")
    return None if found is None else client.document.name_of(found)


def shown_ids(client: PageClient) -> list[int]:
    ids = [it.get("id", "") for it in client.document.elements("li")]
    return [int(it.removeprefix("news-")) for it in ids if it.startswith("news-")]


def new_ones(client: PageClient) -> int:
    return sum(text_of(it) == "Baru" for it in client.document.elements("b"))
