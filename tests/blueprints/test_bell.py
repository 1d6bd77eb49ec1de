"""The bell stands on every page of somebody signed in; it costs one query there, none elsewhere."""

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from tests.support.clients.markup import text_of
from tests.support.clients.page_client import PageClient
from tests.support.steps.notification_steps import bell, tell
from tests.support.steps.sign_in_steps import sign_in
from tests.support.world.factories import make_account
from tests.support.world.queries import QueryCounter


def badge(client: PageClient) -> str:
    return "".join(
        text_of(it) for it in client.document.elements("span") if it.get("class") == "badge"
    )


@pytest.mark.parametrize(
    ("number", "name", "number_shown"),
    [
        (0, "Notifikasi", ""),
        (1, "Notifikasi, 1 belum dibaca", "1"),
        (9, "Notifikasi, 9 belum dibaca", "9"),
        (10, "Notifikasi, lebih dari 9 belum dibaca", "9+"),
        (10_000, "Notifikasi, lebih dari 9 belum dibaca", "9+"),
    ],
)
@pytest.mark.parametrize("database_copies", ["sqlite"], indirect=True)
def test_the_bell_says_how_many_are_unread(
    as_browser: PageClient, number: int, name: str, number_shown: str
) -> None:
    account = make_account()
    if number:
        tell(account, number)
    sign_in(as_browser, account)
    assert (bell(as_browser), badge(as_browser)) == (name, number_shown)


def test_every_page_of_somebody_signed_in_has_the_bell(as_browser: PageClient) -> None:
    account = make_account()
    tell(account)
    sign_in(as_browser, account)
    for address in ("/beranda", "/kartu", "/lainnya", "/bantuan", "/keluar", "/notifikasi"):
        assert bell(as_browser.get(address)) == "Notifikasi, 1 belum dibaca", address
    assert as_browser.get("/ini-tidak-ada").status == 404
    assert bell(as_browser) == "Notifikasi, 1 belum dibaca"
    as_browser.get("/beranda").follow("Notifikasi, 1 belum dibaca")
    assert as_browser.url == "/notifikasi"
    assert as_browser.heading == "Notifikasi"


@pytest.mark.parametrize("code", [500, 503])
def test_a_page_about_our_own_failure_counts_nothing(
    with_failures: Flask, as_browser: PageClient, code: int
) -> None:
    """Counting might fail as the page did."""
    account = make_account()
    tell(account)
    sign_in(as_browser, account)
    assert bell(as_browser.get(f"/forced-{code}")) == "Notifikasi"


def test_pages_without_a_bell_ask_nothing(as_browser: PageClient, queries: QueryCounter) -> None:
    for address in ("/", "/masuk", "/bantuan", "/ini-tidak-ada", "/luring"):
        with queries.at_most(0):
            as_browser.get(address)
        assert bell(as_browser) is None, address


def test_the_bell_costs_one_query_and_only_where_it_is(
    as_browser: PageClient, queries: QueryCounter
) -> None:
    account = make_account()
    tell(account, 3)
    sign_in(as_browser, account)
    for address, others in (("/lainnya", 1), ("/bantuan", 1), ("/kartu", 2), ("/luring", 0)):
        with queries.counted() as statements:
            as_browser.get(address)
        asked = [it for it in statements if "notifications" in it]
        assert len(asked) == (0 if address == "/luring" else 1), address
        assert len(statements) == others + len(asked), address


def test_a_page_that_tells_of_a_failure_counts_nothing(
    own_app: Flask, as_browser: PageClient, queries: QueryCounter
) -> None:
    @own_app.get("/gagal")
    def failing() -> str:
        raise OperationalError("SELECT 1", {}, Exception("away"))

    account = make_account()
    tell(account)
    sign_in(as_browser, account)
    with queries.counted() as statements:
        as_browser.get("/gagal")
    assert as_browser.status == 503
    assert as_browser.heading == "Layanan sedang terganggu"
    assert bell(as_browser) == "Notifikasi"
    assert [it for it in statements if "notifications" in it] == []


def test_a_person_who_signs_in_from_a_new_browser_sees_it_at_the_bell(client: PageClient) -> None:
    account = make_account()
    sign_in(client, account)
    assert bell(client) == "Notifikasi"
    another = sign_in(client.another(), account)
    assert bell(another) == "Notifikasi, 1 belum dibaca"
    assert bell(client.get("/beranda")) == "Notifikasi, 1 belum dibaca"
    assert "perangkat baru" in client.get("/notifikasi").text
