"""News for one person: written with what it tells of, read on any phone of theirs.

What each topic says stands in `templates/messages/notification/`.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, exists, func, insert, literal, select, update

from jkn.database import session, transactional
from jkn.models import Account, Notification, Topic
from jkn.services import clock, messages
from jkn.services.paging import Page, as_id, page_of

# The bell shows 9+ from here on; counting further would only cost.
COUNTED_AT_MOST = 10

# Asked with every page: built once, since building it costs as much as asking.
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

_TEMPLATES = {
    Topic.NEW_DEVICE: "messages/notification/new_device.txt",
    Topic.ENTERED_AFTER_FAILURES: "messages/notification/entered_after_failures.txt",
    Topic.WRONG_PASSWORDS: "messages/notification/wrong_passwords.txt",
    Topic.PASSWORD_CLOSED: "messages/notification/password_closed.txt",
    Topic.CODE_ASKED: "messages/notification/code_asked.txt",
    Topic.WRONG_CODES: "messages/notification/wrong_codes.txt",
    Topic.ANSWERS_RIGHT: "messages/notification/answers_right.txt",
    Topic.WRONG_ANSWERS: "messages/notification/wrong_answers.txt",
    Topic.PASSWORD_CHANGED: "messages/notification/password_changed.txt",
    Topic.PIN_CHANGED: "messages/notification/pin_changed.txt",
    Topic.PIN_CLOSED: "messages/notification/pin_closed.txt",
    Topic.PASSKEY_ON: "messages/notification/passkey_on.txt",
    Topic.PASSKEY_ADDED: "messages/notification/passkey_added.txt",
    Topic.PASSKEY_OFF: "messages/notification/passkey_off.txt",
    Topic.PASSKEY_REMOVED: "messages/notification/passkey_removed.txt",
    Topic.REGISTERED: "messages/notification/registered.txt",
    Topic.REGISTERED_AGAIN: "messages/notification/registered_again.txt",
    Topic.FROZEN: "messages/notification/frozen.txt",
    Topic.UNFROZEN: "messages/notification/unfrozen.txt",
    Topic.FULL_ACCESS: "messages/notification/full_access.txt",
}
# What strangers can cause without knowing anything is told once in so long, or it would bury
# what they cannot.
_ONCE_IN = {
    Topic.WRONG_PASSWORDS: timedelta(days=1),
    Topic.CODE_ASKED: timedelta(hours=1),
    Topic.REGISTERED_AGAIN: timedelta(days=1),
}


@dataclass(frozen=True)
class Item:
    """One notification in words. `happened_at` is aware UTC."""

    id: int
    topic: Topic
    title: str
    text: str
    happened_at: datetime
    is_read: bool


def add(account_id: int | None, topic: Topic, **facts: Fact) -> None:
    """Add a notification to the transaction under way; `facts` are what its words need.

    With None for the account nothing is written, by the same statement: whether somebody has an
    account must not be told by the time an answer takes.
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
    if once_in := _ONCE_IN.get(topic):
        recent = (
            (row.account_id == owner) & (row.topic == topic) & (row.happened_at > now - once_in)
        )
        told = told.where(~exists().where(recent))
    names = ["account_id", "topic", "facts", "happened_at"]
    session.execute(insert(Notification).from_select(names, told))


def unread_count(account: Account) -> int:
    """How many are unread, up to `COUNTED_AT_MOST`: what the bell shows on every page."""
    return session.scalar(_UNREAD, {"account_id": account.id}) or 0


def page(account: Account, before: int | None = None) -> Page[Item]:
    """The newest, or those that are older than the one with the id `before`."""
    mine = select(*_SHOWN).where(Notification.account_id == account.id)
    return page_of(mine, Notification.id, before, _in_words)


@transactional
def mark_read(account: Account, notification_id: int) -> Item | None:
    """The notification, read from now on; None when this account has none of this id. Read
    again, it stays read since the first time."""
    marked = session.execute(
        update(Notification)
        .where(Notification.id == as_id(notification_id), Notification.account_id == account.id)
        .values(read_at=func.coalesce(Notification.read_at, clock.now()))
        .returning(*_SHOWN)
    ).one_or_none()
    return None if marked is None else _in_words(marked)


@transactional
def mark_all_read(account: Account, up_to: int) -> None:
    """Mark everything up to the id `up_to` read. What came after the list was made was not seen,
    and stays unread."""
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
    title, text = messages.notification(_TEMPLATES[row.topic], json.loads(row.facts))
    return Item(row.id, row.topic, title, text, row.happened_at, row.read_at is not None)
