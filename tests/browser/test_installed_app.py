"""The installed app: it can be installed, has an offline page, and keeps nothing personal."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, expect

from tests.support.clients.chromium import (
    accessibility_findings,
    await_service_worker,
    launch_options,
    phone,
    phone_options,
)
from tests.support.gateways.http_stub import Exchange, http_stub, pass_on
from tests.support.pages.page_objects import HomePage, LandingPage, SignInPage, sign_in
from tests.support.world.running_app import RunningApp

pytestmark = pytest.mark.service_worker

OFFLINE = "Tidak ada sambungan internet"


@pytest.fixture
def lasting(
    browser_type: BrowserType, running: RunningApp, tmp_path: Path
) -> Iterator[BrowserContext]:
    """A browser with a profile on disk: an ordinary test context counts as incognito."""
    options = {**launch_options(), **phone_options(running.url)}
    context = browser_type.launch_persistent_context(tmp_path, **options)
    yield context
    context.close()


@pytest.fixture
def guarded_page(page: Page) -> Page:
    """The first page, once its service worker is at work."""
    page.goto("/")
    await_service_worker(page)
    page.reload()
    assert page.evaluate("() => navigator.serviceWorker.controller !== null")
    return page


def test_the_app_can_be_installed(lasting: BrowserContext) -> None:
    page = lasting.new_page()
    page.goto("/")
    session = lasting.new_cdp_session(page)
    errors = session.send("Page.getInstallabilityErrors")
    assert errors["installabilityErrors"] == []
    manifest = session.send("Page.getAppManifest")
    assert manifest["errors"] == []
    assert json.loads(manifest["data"])["id"] == "/"


def test_without_network_a_page_says_so_and_comes_back(guarded_page: Page) -> None:
    page = guarded_page
    page.context.set_offline(True)
    page.goto("/bantuan")
    expect(LandingPage(page).heading).to_have_text(OFFLINE)
    assert page.url.endswith("/bantuan")
    assert accessibility_findings(page) == []
    page.context.set_offline(False)
    LandingPage(page).button("Coba lagi").click()
    expect(LandingPage(page).heading).to_have_text("Bantuan")


def test_what_is_asked_ahead_and_breaks_off_is_no_lost_network(
    browser: Browser, running: RunningApp
) -> None:
    """While the service worker starts, the browser asks for the page by itself. When that breaks
    off, the worker asks once more before it says that there is no network."""
    broken_off: list[str] = []

    def behave(exchange: Exchange) -> None:
        if "Service-Worker-Navigation-Preload" in exchange.received.headers:
            broken_off.append(exchange.received.path)
            exchange.reset()
        else:
            pass_on(exchange, running.url)

    with http_stub(behave) as stub, phone(browser, url := f"http://localhost:{stub.port}") as it:
        page = it.new_page()
        page.goto(f"{url}/")
        await_service_worker(page)
        page.goto(f"{url}/bantuan")
        expect(LandingPage(page).heading).to_have_text("Bantuan")
    assert broken_off[-1] == "/bantuan"


def test_a_form_sent_without_network_keeps_what_was_typed_and_no_live_piece_hangs(
    guarded_page: Page, running: RunningApp
) -> None:
    page = guarded_page
    person = running.identity("ppu_active")
    form = SignInPage(page).open()
    old_picture = form.captcha.ask_for_picture().picture.get_attribute("src") or ""
    form.fill(person.nik, person.password, captcha="12345")
    page.context.set_offline(True)
    form.submit()
    expect(form.error_summary).to_contain_text("Tidak ada sambungan internet. Isian Anda masih ada")
    expect(form.number).to_have_value(person.nik)
    expect(form.password).to_have_value(person.password)
    expect(form.button("MASUK")).to_be_enabled()
    form.link("Ganti gambar").click()
    expect(form.error_summary).to_contain_text("Tidak ada sambungan internet")
    expect(form.captcha.picture).to_have_attribute("src", old_picture)
    page.context.set_offline(False)
    form.link("Ganti gambar").click()
    expect(form.captcha.picture).not_to_have_attribute("src", old_picture)
    expect(form.error_summary).to_have_count(0)
    form.captcha.digits.fill("12345")
    form.submit()
    HomePage(page).expect_open(person)


def test_the_service_worker_keeps_public_files_and_nothing_else(
    guarded_page: Page, running: RunningApp
) -> None:
    page = guarded_page
    page.context.set_offline(True)
    page.goto("/kartu")
    as_stranger = page.content()
    page.context.set_offline(False)
    sign_in(page, running.identity("ppu_active"))
    for address in ("/kartu", "/lainnya", "/beranda"):
        page.goto(address)
    kept = page.evaluate(
        """async () => {
          const found = [];
          for (const name of await caches.keys()) {
            for (const it of await (await caches.open(name)).keys()) {
              found.push(new URL(it.url).pathname);
            }
          }
          return found.sort();
        }"""
    )
    assert "/luring" in kept
    assert [it for it in kept if it != "/luring" and not it.startswith("/static/")] == []
    # The offline page looks the same for everybody.
    page.context.set_offline(True)
    page.goto("/kartu")
    assert page.content() == as_stranger


def test_a_second_visit_asks_for_the_page_alone(guarded_page: Page) -> None:
    page = guarded_page
    page.goto("/bantuan")
    asked: list[Any] = []
    page.on("request", lambda request: asked.append(request))
    page.goto("/")
    page.wait_for_load_state("networkidle")
    from_network = [
        it.url
        for it in asked
        if (answer := it.response()) and not answer.from_service_worker and not it.service_worker
    ]
    # The browser itself asks for its rules, past the service worker; its own cache answers.
    fetched = [url for url in from_network if "/static/" in url and "/prefetch/" not in url]
    assert fetched == [], "a hashed file was asked for again"


# Of a large phone that lies on its side: its notch, and the line that is swiped.
INSETS = {"top": 24, "left": 44, "right": 44, "bottom": 21}
ON_ITS_SIDE = {"width": 740, "height": 360}
# What stands under the notch, the clock or that line: bars by their place, text by its letters.
_COVERED = """({ top, left, right, bottom }) => {
  const found = [];
  const range = document.createRange();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  scrollTo(0, 0);
  const look = (box, words, isLast) => {
    if (!box.width) return;
    if (box.left < left || box.right > innerWidth - right) found.push(`beside: ${words}`);
    if (box.top < top) found.push(`above: ${words}`);
    if (isLast && box.bottom > innerHeight - bottom) found.push(`below: ${words}`);
  };
  while (walker.nextNode()) {
    const { currentNode: text } = walker;
    if (!text.data.trim() || text.parentElement.closest(".visually-hidden, .skip")) continue;
    range.selectNodeContents(text);
    look(range.getBoundingClientRect(), text.data.trim(), text.parentElement.closest("nav"));
  }
  scrollTo(0, document.documentElement.scrollHeight);
  for (const link of document.querySelectorAll("body > :last-child a")) {
    const { bottom: end } = link.getBoundingClientRect();
    if (end > innerHeight - bottom) found.push(`at the end: ${link.textContent}`);
  }
  return found;
}"""


def test_on_its_side_nothing_stands_under_the_notch(page: Page, running: RunningApp) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setSafeAreaInsetsOverride", {"insets": INSETS})
    page.set_viewport_size({"width": ON_ITS_SIDE["width"], "height": ON_ITS_SIDE["height"]})
    page.goto("/")
    assert page.evaluate(_COVERED, INSETS) == []
    sign_in(page, running.identity("ppu_active"))
    for address in ("/beranda", "/profil", "/bantuan/hp-hilang"):
        page.goto(address)
        assert page.evaluate(_COVERED, INSETS) == [], address
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), address
    # The keyboard takes most of the height: a bar that sticks would cover the field.
    bar = page.locator(".bottom-nav")
    expect(bar).to_have_css("position", "sticky")
    page.set_viewport_size({"width": ON_ITS_SIDE["width"], "height": 200})
    expect(bar).to_have_css("position", "static")
