"""Riwayat aktivitas akun: every security event of the account, in words, and nobody else's."""

from datetime import datetime, timedelta

import pytest

from jkn.models import EventKind
from jkn.services.basics.clock import JAKARTA
from jkn.services.basics.paging import A_PAGE
from jkn.services.messaging.event_catalogue import EVENTS
from tests.support.clients.markup import text_of
from tests.support.clients.page_client import PageClient
from tests.support.steps.activity_steps import ADDRESS, DEVICE, ids, record, shown_ids
from tests.support.steps.notification_steps import MORE
from tests.support.steps.sign_in_steps import sign_in
from tests.support.world.clock import Clock
from tests.support.world.factories import make_account
from tests.support.world.queries import QueryCounter

PAGE = "/profil/aktivitas"
END = "Itu semua aktivitas akun Anda."


def titles(client: PageClient) -> list[str]:
    found = client.document.elements("span")
    return [text_of(it) for it in found if it.get("class") == "row-title"]


def days(client: PageClient) -> list[str]:
    return [text_of(it) for it in client.document.elements("h2")]


def test_profil_leads_there_and_back(client: PageClient) -> None:
    sign_in(client, make_account()).follow("Profil")
    client.follow("Riwayat aktivitas akun Kapan dan dari HP mana")
    assert (client.url, client.heading) == (PAGE, "Riwayat aktivitas akun")
    assert titles(client)[-1] == "Masuk ke akun"
    client.follow("Kembali")
    assert client.heading == "Profil"


@pytest.mark.both_databases
def test_an_item_says_when_what_and_which_device_and_no_more(
    client: PageClient, clock: Clock
) -> None:
    account = make_account()
    moment = datetime(2026, 5, 3, 14, 30, tzinfo=JAKARTA)
    clock.set(moment)
    sign_in(client, account)
    kind = EventKind.AUTHN_LOGIN_FAIL_MAX
    (number,) = record(account, kind=kind, count=7, happened_at=moment)
    client.get(PAGE)
    item = client.document.by_id(f"event-{number}")
    assert item is not None
    words = "14.30 WIB Kata sandi salah berkali-kali, harus menunggu dulu"
    assert text_of(item) == f"{words} {DEVICE} · 7 kali salah"
    for hidden in (ADDRESS, "secret-words", "Mozilla"):
        assert hidden not in client.html


def test_the_list_is_by_day_in_jakarta(client: PageClient, clock: Clock) -> None:
    account = make_account()
    record(account, happened_at=datetime(2026, 5, 1, 23, 59, tzinfo=JAKARTA))
    record(account, happened_at=datetime(2026, 5, 2, 0, 0, tzinfo=JAKARTA))
    clock.set(datetime(2026, 5, 3, 1, 0, tzinfo=JAKARTA))
    sign_in(client, account)
    client.get(PAGE)
    assert days(client) == ["Hari ini", "Kemarin", "1 Mei 2026"]
    assert [text_of(it) for it in client.document.elements("time")][-2:] == [
        "00.00 WIB",
        "23.59 WIB",
    ]


def test_more_are_added_below(client: PageClient) -> None:
    account = make_account()
    record(account, 45)
    sign_in(client, account)
    client.get(PAGE)
    expected = ids(account)
    assert shown_ids(client) == expected[:20]
    for page in (expected[20:40], expected[40:]):
        client.follow(MORE)
        seen = expected[: expected.index(page[-1]) + 1] if client.with_htmx else page
        assert shown_ids(client) == seen
        assert client.was_swapped == client.with_htmx
    assert not client.shows(MORE)
    assert END in client.text
    # All items are of one day, which has one heading on the page.
    assert days(client) == ["Hari ini"]


def test_the_first_that_was_added_takes_the_focus(as_htmx: PageClient) -> None:
    account = make_account()
    record(account, 25)
    sign_in(as_htmx, account)
    as_htmx.get(PAGE).follow(MORE)
    focused = [it.get("id") for it in as_htmx.document.elements() if "autofocus" in it.attrib]
    assert focused == [f"event-{ids(account)[20]}"]
    assert as_htmx.url == PAGE


def test_from_a_page_further_down_the_way_back_is_the_first(as_browser: PageClient) -> None:
    account = make_account()
    record(account, 25)
    sign_in(as_browser, account)
    as_browser.get(PAGE).follow(MORE)
    as_browser.follow("Kembali")
    assert as_browser.url == PAGE
    assert shown_ids(as_browser) == ids(account)[:20]


def test_nobody_sees_what_happened_to_another(client: PageClient) -> None:
    account, other = make_account(), make_account()
    record(account, 2)
    foreign = record(other, 3)
    record(None, 3)
    record(account, 2)
    sign_in(client, account)
    own = ids(account)
    assert shown_ids(client.get(PAGE)) == own
    client.get(f"{PAGE}?sebelum={foreign[1]}")
    assert shown_ids(client) == [it for it in own if it < foreign[1]]


@pytest.mark.parametrize("value", ["", "abc", "0", "-1", "1", "9" * 40, "-" + "9" * 40, "9" * 5000])
def test_an_odd_address_is_answered(client: PageClient, value: str) -> None:
    sign_in(client, make_account())
    assert client.get(f"{PAGE}?sebelum={value}").status == 200
    assert client.heading == "Riwayat aktivitas akun"
    assert END in client.text


def test_in_limited_mode_it_can_be_read(client: PageClient, clock: Clock) -> None:
    account = make_account(limited_until=datetime(2026, 5, 4, 9, 30, tzinfo=JAKARTA))
    sign_in(client, account)
    client.get(PAGE)
    assert (client.status, client.heading) == (200, "Riwayat aktivitas akun")
    assert "Akun dibatasi" in client.text
    assert shown_ids(client) == ids(account)


def test_the_list_costs_the_same_however_long_it_is(
    as_browser: PageClient, queries: QueryCounter
) -> None:
    account = make_account()
    sign_in(as_browser, account)
    with queries.counted() as few:
        as_browser.get(PAGE)
    record(account, 10_000)
    with queries.counted() as many:
        as_browser.get(PAGE)
    assert len(many) == len(few) <= 3
    with queries.at_most(3):
        as_browser.follow(MORE)


def test_a_full_page_of_everything_stays_small(client: PageClient) -> None:
    """The client holds every page and fragment against its budget."""
    account = make_account()
    kinds = list(EventKind)
    for number in range(4 * len(kinds)):
        moment = datetime(2026, 3, 1, 12, number % 60, tzinfo=JAKARTA) - timedelta(days=number)
        record(account, kind=kinds[number % len(kinds)], count=100, happened_at=moment)
    sign_in(client, account)
    client.get(PAGE)
    seen = len(shown_ids(client))
    for _ in range((len(ids(account)) - 1) // A_PAGE):
        client.follow(MORE)
        seen += 0 if client.with_htmx else len(shown_ids(client))
    assert not client.shows(MORE)
    assert (len(shown_ids(client)) if client.with_htmx else seen) == len(ids(account))


def test_a_full_page_of_the_longest_words_stays_small(client: PageClient) -> None:
    # The client holds every page and fragment against its budget.
    account, kind = make_account(), max(EventKind, key=lambda it: len(EVENTS[it].title))
    for number in range(40):
        moment = datetime(2026, 3, 1, 12, number, tzinfo=JAKARTA) + timedelta(days=number)
        record(account, kind=kind, count=100, happened_at=moment)
    sign_in(client, account)
    client.get(PAGE).follow(MORE)
    assert client.status == 200


def test_what_a_browser_calls_itself_is_never_shown(client: PageClient) -> None:
    account = make_account()
    hostile = "<img src=x onerror=alert(1)>{{ 7*7 }} Petugas 165 flask accounts unfreeze"
    record(account, user_agent=hostile)
    sign_in(client, account)
    client.get(PAGE)
    for words in ("onerror", "49", "Petugas", "flask"):
        assert words not in client.text
    assert "Browser lain" in client.text
