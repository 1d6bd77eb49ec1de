"""Kotak keluar in a browser: a code arrives, is seen, and is copied."""

from playwright.sync_api import Browser, Page, Response, expect

from jkn.database import transaction
from jkn.gateways.outgoing import Email
from jkn.models import Channel
from jkn.services.basics.clock import now
from jkn.services.messaging import messages, outbox
from tests.browser.conftest import Phone
from tests.support.clients.chromium import (
    NARROW,
    accessibility_findings,
    phone_options,
    sideways_overflow,
)
from tests.support.world.app_database import database_of, receive
from tests.support.world.running_app import RunningApp

PAGE = "/dev/kotak-keluar"
_SELECTED = "() => getSelection().toString()"


def send_code(running: RunningApp, code: str) -> None:
    """Write a message to the outbox, as a service does; the app's own worker hands it over."""
    with database_of(running), transaction():
        outbox.write(
            Channel.SMS,
            "trial",
            messages.sms("code", "+6281234567890", code=code, digits=code, action="mencoba"),
        )


def nothing_new(answer: Response) -> bool:
    return "newest=" in answer.url and answer.status == 204


def test_a_code_appears_by_itself_and_one_tap_takes_all_of_it(
    page: Page, running: RunningApp
) -> None:
    page.goto(PAGE)
    send_code(running, "070809")
    code = page.get_by_text("070809", exact=True).first
    expect(code).to_be_visible()
    expect(page.get_by_text("@localhost #070809").first).to_be_visible()
    code.click()
    assert page.evaluate(_SELECTED) == "070809"
    # The page goes on asking, and leaves what is selected alone.
    with page.expect_response(nothing_new):
        pass
    assert page.evaluate(_SELECTED) == "070809"
    send_code(running, "101112")
    expect(page.get_by_text("101112", exact=True).first).to_be_visible()


def an_email(html: str, idempotency_key: str) -> Email:
    return Email(idempotency_key, "siti@example.id", "Halo", "Halo", html)


def test_the_html_of_an_email_runs_nothing_and_fetches_nothing(
    browser: Browser, running: RunningApp
) -> None:
    hostile = (
        "<!doctype html><title>Surat</title><p id=here>Halo</p>"
        "<script>document.title = 'run'</script>"
        "<img src=/pelacak.png onerror=\"document.title='run'\">"
        "<form action=/pelacak method=post><button id=send>Kirim</button></form>"
    )
    receive(running, an_email(hostile, "d" * 32))
    # An unwatched phone, since the browser logs what it stops from running.
    with browser.new_context(**phone_options(running.url)) as context:
        page = context.new_page()
        page.goto(PAGE)
        fetched: list[str] = []
        context.on("response", lambda response: fetched.append(response.url))
        page.get_by_role("link", name="Lihat seperti di aplikasi email").first.click()
        expect(page.locator("#here")).to_have_text("Halo")
        page.locator("#send").click()
        assert page.title() == "Surat"
        assert fetched
        assert not [it for it in fetched if "pelacak" in it]


def test_our_own_email_is_readable_on_the_smallest_phone(
    new_phone: Phone, running: RunningApp
) -> None:
    with database_of(running):
        content = messages.email(
            "code", "siti@example.id", code="012345",
            action="mengganti kata sandi", until=now(), link_token="A" * 22,
        )  # fmt: skip
    receive(running, an_email(content.html, "e" * 32))
    page = new_phone(viewport=NARROW, screen=NARROW).new_page()
    page.goto(PAGE)
    page.get_by_role("link", name="Lihat seperti di aplikasi email").first.click()
    expect(page.get_by_text("Kode Anda: 012345")).to_be_visible()
    assert sideways_overflow(page) == 0
    # On the page of the e-mail no script may run, so axe needs another page.
    page.goto("about:blank")
    page.set_content(content.html)
    # A mail program gives it the landmarks and the heading.
    found = accessibility_findings(page)
    assert not [it for it in found if not it.startswith(("landmark", "region", "page-has"))]
