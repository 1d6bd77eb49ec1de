"""Notifications: written with the act, counted cheaply, read by their owner only."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, text

from jkn.database import session, transaction
from jkn.models import Account, Notification
from jkn.services.basics import clock
from jkn.services.basics.paging import A_PAGE
from jkn.services.messaging import notifications
from jkn.services.messaging.event_catalogue import TOPICS
from jkn.services.messaging.notifications import COUNTED_AT_MOST
from tests.support.world.clock import Clock
from tests.support.world.connected import ConnectedDatabase
from tests.support.world.factories import make_account
from tests.support.world.queries import QueryCounter, plans_of

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.both_databases]

# The longest values for the words of every topic.
LONGEST = {
    "device": "Samsung Internet di Chromebook",
    "device_kind": "perangkat",
    "count": 100,
    "purpose": "mengganti kata sandi",
    "what": "jenis kelamin",
    "whose": "Raden Roro Kusumaningtyas Puspitasari Dewantari",
}


def tell(account: Account, topic: str = "entered_after_failures", **facts: Any) -> None:
    with transaction():
        notifications.add(account.id, topic, **{"count": 3, "purpose": "mencoba", **facts})


def tell_many(account: Account, number: int, *, is_read: bool = False) -> None:
    now = clock.now()
    row = {
        "account_id": account.id,
        "topic": "password_closed",
        "facts": '{"count": 100}',
        "happened_at": now,
        "read_at": now if is_read else None,
    }
    with transaction():
        if number:
            session.execute(insert(Notification), [row] * number)


def ids(account: Account) -> list[int]:
    session.rollback()
    mine = select(Notification.id).where(Notification.account_id == account.id)
    return list(session.scalars(mine.order_by(Notification.id)))


def unread_ids(account: Account) -> list[int]:
    session.rollback()
    mine = select(Notification.id).where(Notification.account_id == account.id)
    return list(session.scalars(mine.where(Notification.read_at.is_(None))))


def test_the_newest_comes_first_and_is_unread(clock: Clock) -> None:
    account = make_account()
    tell(account, count=3)
    clock.advance(hours=1)
    tell(account, count=4)
    page = notifications.page(account)
    assert [it.text.split()[3] for it in page.items] == ["4", "3"]
    assert [it.is_read for it in page.items] == [False, False]
    assert page.items[0].happened_at - page.items[1].happened_at == timedelta(hours=1)
    assert (page.follows_on, page.more_before) == (None, None)


def test_what_is_rolled_back_was_no_news() -> None:
    account = make_account()

    def fail_afterwards() -> None:
        with transaction():
            notifications.add(account.id, "password_closed", count=100)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_afterwards()
    assert ids(account) == []


def test_the_facts_cannot_be_read_in_the_database(database: ConnectedDatabase) -> None:
    tell(make_account(), "new_device", device="Chrome di Android", device_kind="HP")
    with database.engine.connect() as connection:
        stored = connection.execute(text("SELECT facts FROM notifications")).scalar_one()
    assert b"Chrome" not in bytes(stored)
    facts = json.loads(session.scalars(select(Notification.facts)).one())
    assert facts["device"] == "Chrome di Android"


@pytest.mark.parametrize("topic", TOPICS)
def test_a_notification_for_nobody_costs_as_much_as_for_somebody(
    topic: str, queries: QueryCounter
) -> None:
    account = make_account()
    sent = []
    for account_id in (account.id, None):
        with transaction(), queries.counted() as statements:
            notifications.add(account_id, topic, **LONGEST)  # type: ignore[arg-type]
        sent.append(statements)
    assert sent[0] == sent[1]
    assert len(sent[0]) == 1
    assert len(session.scalars(select(Notification.id)).all()) == 1


@pytest.mark.parametrize(
    ("number", "counted"),
    [(0, 0), (1, 1), (9, 9), (10, COUNTED_AT_MOST), (10_000, COUNTED_AT_MOST)],
)
def test_the_bell_costs_one_query_however_many_there_are(
    number: int, counted: int, queries: QueryCounter
) -> None:
    account, other = make_account(), make_account()
    tell_many(account, number)
    tell_many(account, 3, is_read=True)
    tell_many(other, 12)
    session.rollback()
    session.refresh(account)
    with queries.at_most(1):
        assert notifications.unread_count(account) == counted


def test_neither_the_bell_nor_the_list_reads_what_it_does_not_show(
    database: ConnectedDatabase,
) -> None:
    account = make_account()
    tell_many(make_account(), 8_000)
    tell_many(account, 300, is_read=True)
    tell_many(account, 20)
    tell_many(make_account(), 4_000)
    middle = ids(account)[200]
    with database.engine.begin() as connection:
        connection.execute(text("ANALYZE"))
    session.refresh(account)
    with plans_of(database.engine) as bell:
        notifications.unread_count(account)
    with plans_of(database.engine) as lists:
        notifications.page(account)
        notifications.page(account, middle)
    assert len(bell) == 1
    assert "ix_notifications_unread" in bell[0]
    assert len(lists) == 2
    for plan in lists:
        assert "ix_notifications_account_id" in plan
        assert "SORT" not in plan.upper().replace("TEMP B-TREE", "SORT")


def test_a_list_is_read_page_by_page_without_gaps_or_repeats() -> None:
    account, other = make_account(), make_account()
    for _ in range(3):
        tell_many(account, 15)
        tell_many(other, 15)
    seen: list[int] = []
    before = None
    for _ in range(3):
        page = notifications.page(account, before)
        seen += [it.id for it in page.items]
        before = page.more_before
        tell_many(account, 2)  # what arrives meanwhile shifts nothing
    assert before is None
    assert seen == ids(account)[:45][::-1]


@pytest.mark.parametrize("number", [0, 1, A_PAGE - 1, A_PAGE])
def test_one_page_says_that_there_is_no_more(number: int) -> None:
    account = make_account()
    tell_many(account, number)
    page = notifications.page(account)
    assert (len(page.items), page.more_before) == (number, None)


@pytest.mark.parametrize("number", [A_PAGE + 1, A_PAGE + 2, 2 * A_PAGE])
def test_a_further_page_knows_what_it_follows_on(number: int, clock: Clock) -> None:
    account = make_account()
    tell_many(account, number - A_PAGE)
    clock.advance(days=1)
    tell_many(account, A_PAGE)
    first = notifications.page(account)
    assert first.more_before == first.items[-1].id
    second = notifications.page(account, first.more_before)
    assert second.follows_on == first.items[-1].happened_at
    assert (len(second.items), second.more_before) == (number - A_PAGE, None)


def test_an_id_of_somebody_else_is_only_a_number() -> None:
    account, other = make_account(), make_account()
    tell_many(account, 2)
    tell_many(other, 3)
    page = notifications.page(account, ids(other)[1])
    assert [it.id for it in page.items] == ids(account)[::-1]
    assert page.follows_on is None


@pytest.mark.parametrize("number", [0, -1, -(10**30), 10**30, 2**63, 2**63 - 1])
def test_no_number_is_too_much_for_the_database(number: int) -> None:
    account = make_account()
    tell_many(account, 2)
    assert len(notifications.page(account, number).items) == (2 if number > 0 else 0)
    assert notifications.mark_read(account, number) is None
    notifications.mark_all_read(account, number)
    assert len(unread_ids(account)) == (0 if number > 0 else 2)


def test_read_once_it_stays_read_since_then(clock: Clock) -> None:
    account = make_account()
    tell(account)
    (number,) = ids(account)
    first = notifications.mark_read(account, number)
    assert first is not None
    assert first.is_read
    read_at = session.scalars(select(Notification.read_at)).one()
    clock.advance(hours=1)
    assert notifications.mark_read(account, number) == first
    session.rollback()
    assert session.scalars(select(Notification.read_at)).one() == read_at


def test_nobody_marks_what_belongs_to_another() -> None:
    account, other = make_account(), make_account()
    tell(other)
    (number,) = ids(other)
    assert notifications.mark_read(account, number) is None
    notifications.mark_all_read(account, number)
    assert unread_ids(other) == [number]


def test_what_came_after_the_list_was_seen_stays_unread() -> None:
    account = make_account()
    tell_many(account, 25)
    seen = notifications.page(account).items[0].id
    tell(account)
    notifications.mark_all_read(account, seen)
    assert unread_ids(account) == [ids(account)[-1]]
    assert notifications.unread_count(account) == 1


@pytest.mark.parametrize(
    ("topic", "once_in"),
    [
        ("wrong_passwords", timedelta(days=1)),
        ("code_asked", timedelta(hours=1)),
        ("registered_again", timedelta(days=1)),
    ],
)
def test_notifications_that_strangers_can_cause_bury_nothing(
    clock: Clock, topic: str, once_in: timedelta
) -> None:
    account, other = make_account(), make_account()
    for _ in range(2):
        for _ in range(5):
            tell(account, topic)
        clock.advance(seconds=once_in.total_seconds())
    assert len(ids(account)) == 2
    clock.advance(seconds=-1)
    tell(account, topic)
    tell(other, topic)
    assert len(ids(account)) == 2
    assert len(ids(other)) == 1
    for another in set(TOPICS) - {topic}:
        tell(account, another, **LONGEST)
    assert len(ids(account)) == 2 + len(TOPICS) - 1


@pytest.mark.parametrize(
    "topic",
    sorted(set(TOPICS) - {"wrong_passwords", "code_asked", "registered_again"}),
)
def test_a_notification_that_needs_a_secret_is_written_each_time(topic: str) -> None:
    account = make_account()
    for _ in range(3):
        tell(account, topic, **LONGEST)
    assert len(ids(account)) == 3


@pytest.mark.parametrize("topic", TOPICS)
def test_the_words_are_short_and_leave_nothing_open(topic: str) -> None:
    account = make_account()
    tell(account, topic, **LONGEST)
    (item,) = notifications.page(account).items
    sentences = re.split(r"(?<=[.?!])\s+", item.text)
    assert 1 <= len(sentences) <= 3
    for sentence in [item.title, *sentences]:
        assert 1 < len(sentence.split()) <= 12, sentence
        assert sentence[0].isupper(), sentence
    assert item.text.endswith((".", "?"))
    assert not re.search(r"[{}<>]|None|\d{4}", item.title + item.text)
    assert not item.title.endswith(".")
