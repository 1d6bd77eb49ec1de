"""Kotak keluar: developers see every SMS and e-mail, and nobody else does."""

import pytest
from flask import Flask

from jkn.gateways.outgoing import Email, Sms
from jkn.gateways.simulated import SimulatedGateway
from tests.support.clients.page_client import PageClient
from tests.support.steps.sign_in_steps import sign_in
from tests.support.world.clock import Clock
from tests.support.world.factories import make_account
from tests.support.world.queries import QueryCounter

PAGE = "/dev/kotak-keluar"
TEXT = "Kode JKN: 012345 untuk mengganti kata sandi.\n@jkn.example #012345"
HOSTILE = '{{7*7}} <img src=x onerror=alert(1)> " hx-get="/keluar" \'; <script>alert(1)</script>'


def received_sms(number: int = 1, text: str = TEXT) -> None:
    SimulatedGateway().send(Sms(f"{number:032x}", "+6281234567890", text))


def received_email(number: int = 2, html: str = "<p>Kode Anda: 654321</p>") -> None:
    SimulatedGateway().send(
        Email(f"{number:032x}", "siti@example.id", "Kode Mobile JKN", "Kode Anda: 654321", html)
    )


def poll(client: PageClient) -> PageClient:
    """The request that the page makes by itself every two seconds."""
    messages = client.document.by_id("messages")
    assert messages is not None
    assert messages.get("hx-trigger") == "every 2s"
    return client._request(messages, "GET", messages.get("hx-get", ""), None, "")


def test_without_messages_it_says_so(client: PageClient) -> None:
    client.get(PAGE)
    assert client.status == 200
    assert client.heading == "Kotak keluar"
    assert "Belum ada pesan" in client.text


def test_messages_are_shown_with_number_code_and_time_newest_first(client: PageClient) -> None:
    received_sms()
    received_email()
    client.get(PAGE)
    lines = client.text.splitlines()
    assert "Belum ada pesan" not in client.text
    assert lines.index("Email ke siti@example.id") < lines.index("SMS ke 0812 3456 7890")
    for line in ("Kode Mobile JKN", "Kode 654321", "Kode 012345", "3 Mei 2026, 09.30 WIB"):
        assert line in lines
    assert "@jkn.example #012345" in client.html
    codes = [it.text for it in client.document.elements("b")]
    assert codes == ["654321", "012345"]


def test_a_message_that_came_twice_is_shown_once(as_browser: PageClient) -> None:
    for _ in range(2):
        received_sms()
    assert as_browser.get(PAGE).text.count("SMS ke") == 1


def test_only_the_newest_are_shown_within_the_budgets(
    as_htmx: PageClient, queries: QueryCounter
) -> None:
    """The client weighs the page and the piece of it."""
    as_htmx.get(PAGE)
    for number in range(0, 30, 2):
        received_sms(number, f"Kode JKN: {number:06} untuk mengganti kata sandi.")
        received_email(number + 1)
    with queries.at_most(1):
        poll(as_htmx)
    assert as_htmx.was_swapped
    shown = [it.text for it in as_htmx.document.elements("b")]
    assert shown == [it for even in range(28, 8, -2) for it in ("654321", f"{even:06}")]
    as_htmx.get(PAGE)
    assert [it.text for it in as_htmx.document.elements("b")] == shown


def test_new_messages_come_by_themselves(as_htmx: PageClient) -> None:
    as_htmx.get(PAGE)
    received_sms()
    poll(as_htmx)
    assert as_htmx.was_swapped
    assert "Kode 012345" in as_htmx.text
    assert as_htmx.heading == "Kotak keluar"
    assert as_htmx.url == PAGE
    received_email()
    poll(as_htmx)
    assert as_htmx.text.index("654321") < as_htmx.text.index("012345")


@pytest.mark.parametrize("count", [0, 1])
def test_while_nothing_comes_the_page_is_left_alone(as_htmx: PageClient, count: int) -> None:
    for _ in range(count):
        received_sms()
    as_htmx.get(PAGE)
    poll(as_htmx)
    assert (as_htmx.status, as_htmx.was_swapped, as_htmx.html) == (204, False, "")


def test_without_a_script_a_link_brings_what_is_new(as_browser: PageClient) -> None:
    as_browser.get(PAGE)
    received_sms()
    as_browser.follow("Muat ulang")
    assert "Kode 012345" in as_browser.text


def test_asking_again_and_again_keeps_nobody_signed_in(as_htmx: PageClient, clock: Clock) -> None:
    """security.md R47: an open page must not prolong a session."""
    sign_in(as_htmx, make_account())
    page = as_htmx.another(with_cookies=True)
    page.get(PAGE)
    for _ in range(31):
        clock.advance(minutes=1)
        assert poll(page).status == 204
    assert as_htmx.get("/beranda").url == "/masuk"


def test_asking_asks_nobody_who_they_are(as_htmx: PageClient, queries: QueryCounter) -> None:
    sign_in(as_htmx, make_account())
    with queries.at_most(1):
        as_htmx.get(PAGE)
    assert as_htmx.response is not None
    assert "Set-Cookie" not in as_htmx.response.headers


def test_what_stands_in_a_message_is_words_only(client: PageClient) -> None:
    """security.md R67. The client holds the page against its rules on the way."""
    SimulatedGateway().send(Sms("a" * 32, HOSTILE, HOSTILE))
    SimulatedGateway().send(Email("b" * 32, HOSTILE, HOSTILE, HOSTILE, HOSTILE))
    client.get(PAGE)
    assert client.text.count("{{7*7}} <img src=x onerror=alert(1)>") == 5
    assert "49" not in client.text


def test_an_email_is_shown_as_it_looks_and_does_nothing(app: Flask) -> None:
    received_email(html=f'<p style="color:red">Halo</p>{HOSTILE}')
    link = next(
        it.get("href", "")
        for it in PageClient(app).get(PAGE).document.elements("a")
        if "Lihat" in "".join(it.itertext())
    )
    answer = app.test_client().get(link)
    assert answer.status_code == 200
    assert answer.mimetype == "text/html"
    assert answer.text == f'<p style="color:red">Halo</p>{HOSTILE}'
    policy = [it.strip() for it in answer.headers["Content-Security-Policy"].split(";")]
    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    assert not [it for it in policy if "script" in it or "allow" in it]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"


def test_no_other_answer_is_freed_from_the_usual_policy(app: Flask) -> None:
    usual = app.test_client().get("/").headers["Content-Security-Policy"]
    assert "sandbox" not in usual
    for path in (PAGE, f"{PAGE}/1", f"{PAGE}/x", "/masuk"):
        assert app.test_client().get(path).headers["Content-Security-Policy"] == usual


@pytest.mark.parametrize("name", ["0", "2", "-1", "x", "9" * 18, "9" * 40, "1/2", "%00"])
def test_an_email_that_is_not_there_is_not_found(app: Flask, name: str) -> None:
    received_sms()
    status = app.test_client().get(f"{PAGE}/{name}").status_code
    assert status == (400 if name == "%00" else 404)


def test_an_sms_has_no_page_of_its_own(app: Flask) -> None:
    received_sms()
    assert app.test_client().get(f"{PAGE}/1").status_code == 404


@pytest.mark.settings(env="production", base_url="https://jkn.example", captcha="picture")
def test_in_production_there_is_no_such_page(app: Flask) -> None:
    received_sms()
    received_email()
    there = {it.endpoint for it in app.url_map.iter_rules() if "outbox" in it.endpoint}
    assert there == set()
    unknown = app.test_client().get("/dev/tidak-ada").text
    for path in (PAGE, f"{PAGE}/", f"{PAGE}/2", f"{PAGE}?newest=0"):
        for headers in ({}, {"HX-Request": "true"}):
            answer = app.test_client().get(path, headers=headers)
            assert answer.status_code == 404
            assert "012345" not in answer.text
            assert headers or answer.text == unknown
