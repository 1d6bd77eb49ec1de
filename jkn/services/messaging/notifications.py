"""Notifications: news for one person, written in the transaction of what they tell of, and read on
any of the person's phones.

The topics stand in `event_catalogue`, their texts in `templates/messages/notification/`.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, exists, func, insert, literal, select, update

from jkn.database import session, transactional
from jkn.models import Account, Notification
from jkn.services.basics import clock
from jkn.services.basics.paging import Page, as_id, page_of
from jkn.services.messaging import messages
from jkn.services.messaging.event_catalogue import event_told, news_of

# From here on the bell shows 9+; counting further would cost and show nothing.
COUNTED_AT_MOST = 10

# Executed for every page. Built once: building takes as long as executing.
_UNREAD = select(func.count()).select_from(
    select(Notification.id)
    .where(Notification.account_id == bindparam("account_id"), Notification.read_at.is_(None))
    .limit(COUNTED_AT_MOST)
    .subquery()
)

_SHOWN = (
    Notification.id,
    Notification.topic,
    Notification.facts,
    Notification.happened_at,
    Notification.read_at,
)

Fact = str | int | None

# The text for a topic of a newer release.
_NOT_READABLE_YET = "Isinya belum bisa ditampilkan. Coba buka beberapa menit lagi."


@dataclass(frozen=True)
class Item:
    """One notification in words. `leads_to`: the endpoint that a tap opens, None where there is
    none. `happened_at` is aware UTC."""

    id: int
    topic: str
    icon: str
    title: str
    text: str
    leads_to: str | None
    happened_at: datetime
    is_read: bool

    @property
    def names_165(self) -> bool:
        """Whether the text sends somebody to the Care Center, so that a button to call is due."""
        return "hubungi 165" in self.text


def add(account_id: int | None, topic: str, **facts: Fact) -> None:
    """Add a notification to the transaction under way; `facts` are what its words need. Raises
    LookupError for a topic of no event.

    With None for the account the same statement writes nothing: the time of an answer must not show
    whether there is an account.
    """
    now = clock.now()
    known = {name: fact for name, fact in facts.items() if fact is not None}
    row = Notification.__table__.c
    owner = literal(account_id, Account.__table__.c.id.type)
    told = select(
        owner,
        literal(topic, row.topic.type),
        literal(json.dumps(known), row.facts.type),
        literal(now, row.happened_at.type),
    ).where(exists().where(Account.id == owner))
    if once_in := news_of(topic).once_in:
        recent = (
            (row.account_id == owner) & (row.topic == topic) & (row.happened_at > now - once_in)
        )
        told = told.where(~exists().where(recent))
    names = ["account_id", "topic", "facts", "happened_at"]
    session.execute(insert(Notification).from_select(names, told))


def unread_count(account: Account) -> int:
    """How many are unread, `COUNTED_AT_MOST` at most, for the bell on every page."""
    return session.scalar(_UNREAD, {"account_id": account.id}) or 0


def page(account: Account, before: int | None = None) -> Page[Item]:
    """The newest notifications, or those that are older than the one with the id `before`."""
    mine = select(*_SHOWN).where(Notification.account_id == account.id)
    return page_of(mine, Notification.id, before, _in_words)


@transactional
def mark_read(account: Account, notification_id: int) -> Item | None:
    """Mark a notification read, and return it; None when the account has none of this id.
    `read_at` stays the time of the first reading."""
    marked = session.execute(
        update(Notification)
        .where(Notification.id == as_id(notification_id), Notification.account_id == account.id)
        .values(read_at=func.coalesce(Notification.read_at, clock.now()))
        .returning(*_SHOWN)
    ).one_or_none()
    return None if marked is None else _in_words(marked)


@transactional
def mark_all_read(account: Account, up_to: int) -> None:
    """Mark everything up to the id `up_to` read. What came after the list was shown stays
    unread."""
    session.execute(
        update(Notification)
        .where(
            Notification.account_id == account.id,
            Notification.id <= as_id(up_to),
            Notification.read_at.is_(None),
        )
        .values(read_at=clock.now())
    )


def _in_words(row: Row[*tuple[Any, ...]]) -> Item:
    event = event_told(row.topic)
    title, text, leads_to = event.title, _NOT_READABLE_YET, None
    if event.news is not None:
        template = f"messages/notification/{row.topic}.txt"
        title, text = messages.notification(template, json.loads(row.facts))
        leads_to = event.news.leads_to
    return Item(
        id=row.id,
        topic=row.topic,
        icon=event.icon,
        title=title,
        text=text,
        leads_to=leads_to,
        happened_at=row.happened_at,
        is_read=row.read_at is not None,
    )
