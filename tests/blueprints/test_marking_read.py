"""Marking notifications as read: one in its place, one on the way to its page, or all at once."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from jkn.database import session
from jkn.models import AuditEvent, EventKind
from jkn.services.messaging.event_catalogue import TOPICS, news_of
from tests.support.clients.forms import fill
from tests.support.clients.page_client import PageClient
from tests.support.steps.notification_steps import (
    MARK,
    MARK_ALL,
    MORE,
    bell,
    new_ones,
    shown_ids,
    tell,
    unread,
)
from tests.support.steps.sign_in_steps import sign_in
from tests.support.world.factories import make_account

WHERE = {"password_closed": "/lupa-kata-sandi", "pin_closed": "/profil/pin/buat"}


def button_of(client: PageClient, number: int) -> str:
    item = client.document.by_id(f"news-{number}")
    assert item is not None
    (button,) = [it for it in item.iter() if it.tag in ("button", "a") and "row" in it.get("class")]
    return client.document.name_of(button)


@pytest.mark.both_databases
def test_what_says_it_all_is_marked_where_it_stands(client: PageClient) -> None:
    account = make_account()
    written = tell(account, 3)
    sign_in(client, account)
    client.get("/notifikasi").submit(MARK)
    assert client.url.partition("#")[0] == "/notifikasi"
    assert unread(account) == written[:2]
    assert new_ones(client) == 2
    assert bell(client) == "Notifikasi, 2 belum dibaca"
    assert shown_ids(client) == written[::-1]
    assert client.was_swapped == client.with_htmx
    assert client.shows(MARK_ALL)
    client.submit(MARK)
    client.submit(MARK)
    assert unread(account) == []
    assert (new_ones(client), bell(client)) == (0, "Notifikasi")
    assert "Semua sudah dibaca." in client.text
    assert not client.shows(MARK_ALL)


def test_only_the_one_that_was_marked_is_sent_again(as_htmx: PageClient) -> None:
    account = make_account()
    newest = tell(account, 3)[-1]
    sign_in(as_htmx, account)
    as_htmx.get("/notifikasi").submit(MARK)
    assert as_htmx.html.count("<li") == 1
    assert f'id="news-{newest}"' in as_htmx.html
    # The focus goes where the button was.
    assert as_htmx.document.by_id(f"news-{newest}").get("autofocus") is not None  # type: ignore[union-attr]


@pytest.mark.parametrize("topic", [it for it in TOPICS if news_of(it).leads_to])
def test_what_leads_somewhere_is_marked_and_goes_there(client: PageClient, topic: str) -> None:
    account = make_account()
    (number,) = tell(account, topic=topic)
    sign_in(client, account)
    client.get("/notifikasi").submit(button_of(client, number))
    led_to = WHERE.get(topic, "/bantuan")
    assert client.url == led_to
    assert unread(account) == []
    # Once read, it is a link.
    client.get("/notifikasi")
    assert bell(client) == "Notifikasi"
    client.follow(button_of(client, number))
    assert client.url == led_to


def test_all_are_marked_at_once(client: PageClient) -> None:
    account, other = make_account(), make_account()
    tell(account, 45)
    others = tell(other)
    sign_in(client, account)
    client.get("/notifikasi").submit(MARK_ALL)
    assert client.url == "/notifikasi"
    assert (new_ones(client), bell(client)) == (0, "Notifikasi")
    assert unread(account) == []
    assert unread(other) == others


def test_what_came_after_the_list_was_opened_stays_new(client: PageClient) -> None:
    account = make_account()
    tell(account, 2)
    sign_in(client, account)
    client.get("/notifikasi")
    later = tell(account)
    client.submit(MARK_ALL)
    assert unread(account) == later
    assert bell(client) == "Notifikasi, 1 belum dibaca"


@pytest.mark.parametrize("value", [None, "", "abc", "-1", "9" * 40])
def test_a_mark_all_that_was_tampered_with_breaks_nothing(
    client: PageClient, value: str | None
) -> None:
    account = make_account()
    written = tell(account)
    sign_in(client, account)
    submission = fill(client.get("/notifikasi").document, MARK_ALL, {})
    kept = [it for it in submission.fields if it[0] != "sampai"]
    submission.fields = kept + ([] if value is None else [("sampai", value)])
    client.send(submission)
    assert client.status == 200
    assert unread(account) == ([] if value == "9" * 40 else written)


def test_anothers_notification_reads_like_one_that_does_not_exist(client: PageClient) -> None:
    account, other = make_account(), make_account()
    tell(account)
    (foreign,) = tell(other)
    sign_in(client, account)
    answers = []
    for number in (foreign, 999_999_999, 10**30):
        submission = fill(client.get("/notifikasi").document, MARK, {})
        address = f"/notifikasi/{number}/dibaca"
        submission.action = address
        submission.form.set("action", address)
        submission.form.set("hx-post", address)
        client.send(submission)
        answers.append((client.status, client.heading))
    assert answers == [(404, "Halaman tidak ditemukan")] * 3
    assert unread(other) == [foreign]
    session.rollback()
    refused = select(AuditEvent.account_id).where(AuditEvent.kind == EventKind.AUTHZ_FAIL)
    assert list(session.scalars(refused)) == [account.id] * 3


def test_further_down_a_mark_leads_back_to_the_same_place(as_browser: PageClient) -> None:
    account = make_account()
    written = tell(account, 25)
    sign_in(as_browser, account)
    as_browser.get("/notifikasi").follow(MORE)
    there = as_browser.url
    assert there == f"/notifikasi?sebelum={written[5]}"
    as_browser.submit(MARK)
    assert as_browser.url == f"{there}#news-{written[4]}"
    assert unread(account) == [*written[:4], *written[5:]]
    as_browser.follow("Kembali")
    assert as_browser.url == "/notifikasi"


def test_further_down_a_mark_updates_the_bell(as_htmx: PageClient) -> None:
    account = make_account()
    tell(account, 5)
    tell(account, 20, read_at=datetime(2026, 5, 3, tzinfo=UTC))
    sign_in(as_htmx, account)
    as_htmx.get("/notifikasi").follow(MORE)
    as_htmx.submit(MARK)
    assert bell(as_htmx) == "Notifikasi, 4 belum dibaca"
