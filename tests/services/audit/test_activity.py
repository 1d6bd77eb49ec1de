"""The words for every event of the audit log, and reading the list of an account."""

import pytest
from sqlalchemy import String, func, insert, literal, select, text

from jkn.database import session, transaction
from jkn.models import Account, AuditEvent, EventKind
from jkn.services.access import account_freeze
from jkn.services.audit import activity
from jkn.services.basics import clock
from jkn.services.basics.paging import A_PAGE
from jkn.services.messaging.event_catalogue import EVENTS
from tests.support.clients.leafing import leaf
from tests.support.world.connected import ConnectedDatabase
from tests.support.world.factories import make_account
from tests.support.world.queries import QueryCounter, plans_of

pytestmark = pytest.mark.usefixtures("database")


def record(account: Account, number: int = 1, kind: EventKind = EventKind.SESSION_ENDED) -> None:
    row = {
        "account_id": account.id,
        "kind": kind,
        "happened_at": clock.now(),
        "source": "203.0.113.7",
        "user_agent": "Mozilla/5.0 (Linux; Android 10) Chrome/140.0",
    }
    with transaction():
        session.execute(insert(AuditEvent), [row] * number)


def test_every_kind_has_words_of_its_own() -> None:
    assert len({it.title for it in EVENTS.values()}) == len(EventKind)


@pytest.mark.parametrize("kind", EventKind)
def test_the_words_are_short_and_plain(kind: EventKind) -> None:
    account = make_account()
    record(account, kind=kind)
    (item,) = activity.page(account).items
    assert (item.title, item.icon) == (EVENTS[kind].title, EVENTS[kind].icon)
    assert item.title[0].isupper()
    assert 1 < len(item.title.split()) <= 12
    assert not item.title.endswith(".")
    assert item.title.isprintable()
    assert "_" not in item.title


def test_what_a_newer_release_wrote_is_listed_by_an_older_one(
    database: ConnectedDatabase,
) -> None:
    account = make_account()
    written = insert(AuditEvent.__table__).values(
        account_id=account.id, kind=literal("of_tomorrow", String), happened_at=clock.now(),
        source="203.0.113.7", user_agent="",
    )  # fmt: skip
    with transaction():
        session.execute(written)
    (item,) = activity.page(account).items
    assert (item.title, item.device) == ("Aktivitas keamanan lain", "Browser lain")


def test_an_operator_is_named_and_nobody_can_pass_for_one() -> None:
    account = make_account(frozen_at=clock.now())
    assert account_freeze.unfreeze(account.nik)
    (item,) = activity.page(account).items
    assert item.device == "Petugas 165"


def test_neither_page_reads_what_it_does_not_show(
    database: ConnectedDatabase, queries: QueryCounter
) -> None:
    account, other = make_account(), make_account()
    for _ in range(10):
        record(account, 50)
        record(other, 1_500)
    with database.engine.begin() as connection:
        connection.execute(text("ANALYZE"))
    session.rollback()
    session.refresh(account)
    middle = session.scalar(select(func.max(AuditEvent.id) - 5_000))
    with plans_of(database.engine) as plans, queries.at_most(2):
        assert len(activity.page(account).items) == A_PAGE
        assert len(activity.page(account, middle).items) == A_PAGE
    assert len(plans) == 2
    for plan in plans:
        assert "ix_security_events_account_id" in plan
        assert "SORT" not in plan.upper().replace("TEMP B-TREE", "SORT")


def test_ten_thousand_events_are_read_to_the_end_without_gaps() -> None:
    account, other = make_account(), make_account()
    for _ in range(50):
        record(account, 100)
        record(other, 10)
        record(account, 100)
    seen: list[int] = []
    for page in leaf(lambda before: activity.page(account, before)):
        seen += [it.id for it in page.items]
        if len(seen) == 500:
            record(account, 2)  # what arrives meanwhile shifts nothing
    assert len(seen) == len(set(seen)) == 10_000
    assert seen == sorted(seen, reverse=True)


def test_an_account_without_events_has_an_empty_list() -> None:
    page = activity.page(make_account())
    assert (page.items, page.follows_on, page.more_before) == ([], None, None)


def test_looking_decrypts_no_address(database: ConnectedDatabase, queries: QueryCounter) -> None:
    account = make_account()
    record(account)
    with queries.counted() as statements:
        activity.page(account)
    assert not any("source" in it for it in statements)
