"""News for one person: written with what it tells of, read on any phone of theirs.

What each topic says stands in `templates/messages/notification/`.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, exists, func, insert, literal, select, update

from jkn.database import session, transactional
from jkn.models import Account, Notification, Topic
from jkn.services import clock, messages

A_PAGE = 20
# The bell shows 9+ from here on; counting further would only cost.
COUNTED_AT_MOST = 10
_LARGEST_ID = 2**63 - 1

# Asked with every page: built once, since building it costs as much as asking.
_UNREAD = select(func.count()).select_from(
    select(Notification.id)
    .where(Notification.account_id == bindparam("account_id"), Notification.read_at.is_(None))
    .limit(COUNTED_AT_MOST)
    .subquery()
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


@dataclass(frozen=True)
class Page:
    """`items` newest first. `follows_on`: when the item before them happened, None on the first
    page. `more_before`: what to ask the next page with, None on the last."""

    items: list[Item]
    follows_on: datetime | None
    more_before: int | None


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


def page(account: Account, before: int | None = None) -> Page:
    """The newest, or those that are older than the one with the id `before`."""
    # The one before the page comes along: the page may go on with its day.
    wanted = select(Notification).where(Notification.account_id == account.id)
    if before is not None:
        wanted = wanted.where(Notification.id <= _as_id(before))
    rows = list(session.scalars(wanted.order_by(Notification.id.desc()).limit(A_PAGE + 2)))
    previous = rows.pop(0) if rows and rows[0].id == before else None
    shown = rows[:A_PAGE]
    return Page(
        items=[_in_words(row) for row in shown],
        follows_on=None if previous is None else previous.happened_at,
        more_before=shown[-1].id if len(rows) > A_PAGE else None,
    )


@transactional
def mark_read(account: Account, notification_id: int) -> Item | None:
    """The notification, read from now on; None when this account has none of this id. Read
    again, it stays read since the first time."""
    marked = session.scalars(
        update(Notification)
        .where(Notification.id == _as_id(notification_id), Notification.account_id == account.id)
        .values(read_at=func.coalesce(Notification.read_at, clock.now()))
        .returning(Notification)
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
            Notification.id <= _as_id(up_to),
            Notification.read_at.is_(None),
        )
        .values(read_at=clock.now())
    )


def _as_id(number: int) -> int:
    """What people put into an address, within what the database can compare."""
    return max(0, min(number, _LARGEST_ID))


def _in_words(row: Notification) -> Item:
    title, text = messages.notification(_TEMPLATES[row.topic], json.loads(row.facts))
    return Item(row.id, row.topic, title, text, row.happened_at, row.read_at is not None)
