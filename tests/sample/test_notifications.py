"""The notifications of the sample world: a history long enough to leaf through."""

from datetime import date

import pytest
from sqlalchemy import select

from jkn.database import blind_index, session
from jkn.models import Account
from jkn.sample.identities import identity
from jkn.sample.loader import load
from jkn.services.basics.clock import JAKARTA
from jkn.services.basics.paging import A_PAGE
from jkn.services.messaging import notifications
from jkn.services.messaging.event_catalogue import TOPICS
from jkn.services.messaging.notifications import Item
from tests.support.clients.leafing import leaf
from tests.support.world.as_of import DAYS

pytestmark = pytest.mark.usefixtures("database")


def news_of(persona: str, today: date) -> list[Item]:
    """All of it, newest first."""
    index = blind_index("accounts.nik", identity(persona, today).nik or "")
    account = session.scalars(select(Account).where(Account.nik_index.in_(index))).one()
    pages = leaf(lambda before: notifications.page(account, before))
    return [it for page in pages for it in page.items]


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_one_persona_has_a_history_in_the_order_in_which_it_happened(today: date) -> None:
    load(today=today, hash_password=str.upper)
    items = news_of("ppu_active", today)
    assert len(items) > A_PAGE
    times = [it.happened_at for it in items]
    assert times == sorted(times, reverse=True)
    days = [it.astimezone(JAKARTA).date() for it in times]
    assert days[0] < today
    assert len(set(days)) < len(days)  # some days have more than one
    assert {it.is_read for it in items} == {True, False}
    # Nearly all that there is to be told; a new topic need not happen to somebody here.
    told = {it.topic for it in items}
    assert told < set(TOPICS)
    assert len(told) > 0.9 * (len(TOPICS) - 1)


def test_nobody_else_has_news() -> None:
    load(today=DAYS[0], hash_password=str.upper)
    assert news_of("ppu_active_spouse", DAYS[0]) == []
