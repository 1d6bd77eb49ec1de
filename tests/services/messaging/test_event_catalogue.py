"""The catalogue of events is complete, and people are told as it says."""

import re

import pytest
from sqlalchemy import select

from jkn.database import session, transaction
from jkn.models import Account, Channel, EventKind, FreezeLink, Notification
from jkn.services.audit import audit_log
from jkn.services.messaging import alerts, notifications
from jkn.services.messaging.event_catalogue import EVENTS, TOPICS, news_of
from tests.support.calls.sign_in_calls import CLIENT
from tests.support.checks.templates import texts_of_the_catalogue
from tests.support.steps.recovery_steps import messages
from tests.support.world.databases import ROOT
from tests.support.world.factories import make_account

TEMPLATES = ROOT / "jkn" / "templates"
# Texts that belong to no event.
OTHER_TEXTS = {"messages/sms/code.txt", "messages/email/code.txt", "messages/email/layout.html"}
TOLD = [kind for kind, event in EVENTS.items() if event.news]
WARNED_OF = [kind for kind, event in EVENTS.items() if event.news and event.news.on_every_channel]


def add(kind: EventKind, account: Account, **about: object) -> None:
    with transaction():
        audit_log.log(kind, CLIENT, account_id=account.id, count=100, **about)  # type: ignore[arg-type]


def told_by_message(account: Account) -> set[tuple[Channel, str]]:
    return {(channel, it.recipient) for channel, it in messages()}


def test_every_kind_has_its_entry() -> None:
    assert EVENTS.keys() == set(EventKind)


def test_what_is_told_under_one_topic_is_told_in_one_way() -> None:
    assert len({it.news for it in EVENTS.values() if it.news}) == len(TOPICS)


def test_every_topic_has_its_texts_and_every_text_its_topic() -> None:
    files = {str(it.relative_to(TEMPLATES)) for it in (TEMPLATES / "messages").rglob("*.*")}
    assert files == set(texts_of_the_catalogue()) | OTHER_TEXTS


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("kind", EventKind)
def test_people_are_told_of_an_event_as_the_catalogue_says(kind: EventKind) -> None:
    account, news = make_account(), EVENTS[kind].news
    add(kind, account)
    topics = session.scalars(select(Notification.topic)).all()
    assert topics == ([] if news is None else [news.topic])
    channels = {(Channel.SMS, account.phone), (Channel.EMAIL, account.email)}
    assert told_by_message(account) == (channels if kind in WARNED_OF else set())
    links = session.scalars(select(FreezeLink)).all()
    assert len(links) == (2 if news is not None and news.can_be_undone else 0)
    with_link = [bool(re.search("/bukan-saya/", it.text)) for _, it in messages()]
    assert all(with_link) if links else not any(with_link)


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("kind", WARNED_OF)
def test_a_flow_may_know_better_whom_to_warn(kind: EventKind) -> None:
    account = make_account()
    add(kind, account, warns=False)
    assert messages() == []
    add(kind, account, but_not_to=account.phone)
    assert told_by_message(account) == {(Channel.EMAIL, account.email)}


@pytest.mark.usefixtures("database")
def test_what_no_event_is_told_as_is_not_written() -> None:
    account = make_account()
    with pytest.raises(LookupError, match="no event is told as of_tomorrow"):
        news_of("of_tomorrow")
    for write in (
        lambda: notifications.add(account.id, "of_tomorrow"),
        lambda: alerts.send(account, "of_tomorrow"),
    ):
        with pytest.raises(LookupError), transaction():
            write()
