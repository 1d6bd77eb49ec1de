"""Notifikasi: the list by day. Opening it marks nothing as read."""

from datetime import datetime, timedelta

import pytest

from jkn.database import transaction
from jkn.services.basics.clock import JAKARTA
from jkn.services.messaging import notifications
from jkn.services.messaging.event_catalogue import TOPICS
from tests.support.clients.markup import text_of
from tests.support.clients.page_client import PageClient
from tests.support.steps.notification_steps import MARK_ALL, MORE, new_ones, shown_ids, tell, unread
from tests.support.steps.sign_in_steps import sign_in
from tests.support.world.clock import Clock
from tests.support.world.factories import make_account
from tests.support.world.queries import QueryCounter


def days(client: PageClient) -> list[str]:
    return [text_of(it) for it in client.document.elements("h2")]


@pytest.mark.both_databases
def test_the_list_costs_the_same_however_long_it_is(
    as_browser: PageClient, queries: QueryCounter
) -> None:
    account = make_account()
    tell(account)
    sign_in(as_browser, account)
    tell(account, 60)
    with queries.at_most(3):
        as_browser.get("/notifikasi")


def test_no_news_says_so(client: PageClient) -> None:
    sign_in(client, make_account())
    client.get("/notifikasi")
    assert "Belum ada kabar" in client.text
    assert "Kabar penting muncul di sini." in client.text
    assert not client.shows(MARK_ALL)


def test_the_list_is_by_day_in_jakarta(client: PageClient, clock: Clock) -> None:
    account = make_account()
    # A minute apart in Jakarta, on one day in UTC.
    tell(account, happened_at=datetime(2026, 5, 1, 23, 59, tzinfo=JAKARTA))
    tell(account, happened_at=datetime(2026, 5, 2, 0, 0, tzinfo=JAKARTA))
    tell(account, happened_at=datetime(2026, 5, 3, 0, 5, tzinfo=JAKARTA))
    clock.set(datetime(2026, 5, 3, 1, 0, tzinfo=JAKARTA))
    sign_in(client, account)
    client.get("/notifikasi")
    assert days(client) == ["Hari ini", "Kemarin", "1 Mei 2026"]
    times = [text_of(it) for it in client.document.elements("time")]
    assert times == ["00.05 WIB", "00.00 WIB", "23.59 WIB"]


def test_looking_marks_nothing(client: PageClient) -> None:
    account = make_account()
    written = tell(account, 25)
    sign_in(client, account)
    for _ in range(2):
        client.get("/notifikasi")
        assert new_ones(client) == 20
        client.follow(MORE)
    assert unread(account) == written


def test_more_are_added_below(client: PageClient) -> None:
    account = make_account()
    written = tell(account, 45)
    sign_in(client, account)
    client.get("/notifikasi")
    expected = written[::-1]
    for page in (expected[20:40], expected[40:]):
        client.follow(MORE)
        seen = expected[: expected.index(page[-1]) + 1] if client.with_htmx else page
        assert shown_ids(client) == seen
        assert client.was_swapped == client.with_htmx
    assert not client.shows(MORE)
    assert "Itu semua kabar Anda." in client.text
    # All items are of one day, which has one heading on the page.
    assert days(client) == ["Hari ini"]
    assert len(list(client.document.elements("section"))) == 1


def test_the_first_that_was_added_takes_the_focus(as_htmx: PageClient) -> None:
    account = make_account()
    written = tell(account, 25)
    sign_in(as_htmx, account)
    as_htmx.get("/notifikasi").follow(MORE)
    focused = [it.get("id") for it in as_htmx.document.elements() if "autofocus" in it.attrib]
    assert focused == [f"news-{written[4]}"]
    assert as_htmx.url == "/notifikasi"


def test_a_day_that_begins_further_down_is_headed(client: PageClient) -> None:
    account = make_account()
    tell(account, 3, happened_at=datetime(2026, 5, 1, 12, 0, tzinfo=JAKARTA))
    tell(account, 20)
    sign_in(client, account)
    client.get("/notifikasi").follow(MORE)
    assert days(client)[-1] == "1 Mei 2026"


@pytest.mark.parametrize("value", ["", "abc", "0", "-1", "1", "9" * 40, "-" + "9" * 40, "9" * 5000])
def test_an_odd_address_is_answered(client: PageClient, value: str) -> None:
    account = make_account()
    tell(account, 2)
    sign_in(client, account)
    assert client.get(f"/notifikasi?sebelum={value}").status == 200
    assert client.heading == "Notifikasi"


# The longest values that there can be.
FACTS = (
    '{"count": 100, "device": "Samsung Internet di Chromebook", "device_kind": "perangkat",'
    ' "purpose": "mengganti nomor HP dan alamat email"}'
)


def test_a_full_page_of_the_longest_words_stays_small(client: PageClient) -> None:
    # The client holds every page and fragment against its budget.
    account = make_account()
    for topic in TOPICS:
        tell(account, topic=topic, facts=FACTS)
    shown = notifications.page(account).items
    longest = max(shown, key=lambda it: len(it.title) + len(it.text)).topic
    somebody = make_account()
    for number in range(40):
        moment = datetime(2026, 3, 1, 12, number, tzinfo=JAKARTA) + timedelta(days=number)
        tell(somebody, topic=longest, facts=FACTS, happened_at=moment)
    sign_in(client, somebody)
    client.get("/notifikasi").follow(MORE)
    assert client.status == 200
    assert new_ones(client) == (40 if client.with_htmx else 20)


def test_facts_are_text_whatever_they_look_like(client: PageClient) -> None:
    account = make_account()
    hostile = '<img src=x onerror=alert(1)>{{ 7*7 }}" hx-get="/keluar'
    with transaction():
        notifications.add(account.id, "new_device", device=hostile, device_kind=hostile)
    sign_in(client, account)
    client.get("/notifikasi")
    assert hostile in client.text
    assert list(client.document.elements("img")) == []
