"""Keluar → Setuju: afterwards neither the Back button, nor flight mode, nor any storage of the
phone shows anything personal, and a copied cookie is dead."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Phone
from tests.support.clients.chromium import (
    await_service_worker,
    everything_stored,
    until_kept_alive,
)
from tests.support.pages.page_objects import (
    HomePage,
    LandingPage,
    MorePage,
    SignInPage,
    expect_nobody_signed_in,
    sign_in,
    sign_out,
)
from tests.support.rules.canaries import Canaries
from tests.support.world.running_app import Identity, RunningApp

pytestmark = pytest.mark.service_worker

PERSON = "ppu_active"


def canaries_of(person: Identity) -> Canaries:
    canaries = Canaries()
    for kind in ("nik", "card_number", "name", "password"):
        canaries.add(kind, getattr(person, kind))
    return canaries


# Counts, across reloads, how often pages came from the back-forward cache.
COUNT_RESTORED = """addEventListener("pageshow", event => {
  if (event.persisted) {
    sessionStorage.setItem("restored", Number(sessionStorage.getItem("restored")) + 1);
  }
})"""


def restored_pages(page: Page) -> int:
    return int(page.evaluate("() => Number(sessionStorage.getItem('restored'))"))


@pytest.mark.with_and_without_js
def test_keluar_leads_to_the_first_page_and_back_shows_nothing_personal(
    either_page: Page, running: RunningApp
) -> None:
    page, person = either_page, running.identity(PERSON)
    addresses: list[str] = []
    page.context.on("request", lambda request: addresses.append(request.url))
    sign_in(page, person)
    page.goto("/kartu")
    page.goto("/beranda")
    sign_out(page)
    for _ in range(4):
        page.go_back(wait_until="load")
        assert canaries_of(person).found_in(page.content()) == []
    page.goto("/beranda")
    expect(SignInPage(page).heading).to_have_text("Masuk")
    # No address on the way named anybody.
    assert len(addresses) > 8
    assert canaries_of(person).found_in("\n".join(addresses)) == []


def test_a_page_that_the_browser_kept_alive_shows_nothing_after_the_session_ended(
    caching_page: Page, new_phone: Phone, running: RunningApp
) -> None:
    page = caching_page
    person = running.identity(PERSON)
    page.add_init_script(COUNT_RESTORED)

    def end_the_session_and_go_back() -> None:
        sign_in(page, person).to_more().link("Beranda").click()
        page.wait_for_url("**/beranda")
        HomePage(page).link("Kartu").click()
        page.wait_for_url("**/kartu")
        page.wait_for_load_state("networkidle")
        # The session is ended from another phone, which leaves the cookies here as they are: a
        # browser whose cookies change drops the kept page by itself.
        other = new_phone()
        other.add_cookies(page.context.cookies())
        elsewhere = other.new_page()
        elsewhere.goto("/lainnya")
        MorePage(elsewhere).to_sign_out().agree()
        assert restored_pages(page) == 0
        page.go_back(wait_until="commit")
        expect(SignInPage(page).heading).to_have_text("Masuk")
        assert canaries_of(person).found_in(page.content()) == []

    until_kept_alive(end_the_session_and_go_back, lambda: restored_pages(page) == 1)


def test_after_keluar_a_browser_that_keeps_pages_alive_shows_nothing(
    caching_page: Page, running: RunningApp
) -> None:
    person = running.identity(PERSON)
    sign_in(caching_page, person)
    sign_out(caching_page)
    for _ in range(2):
        caching_page.go_back(wait_until="commit")
        expect_nobody_signed_in(caching_page)
        assert canaries_of(person).found_in(caching_page.content()) == []


def test_flight_mode_shows_nothing_personal(caching_page: Page, running: RunningApp) -> None:
    page = caching_page
    person = running.identity(PERSON)
    sign_in(page, person)
    await_service_worker(page)
    sign_out(page)
    page.context.set_offline(True)
    for address in ("/beranda", "/kartu"):
        page.goto(address)
        expect(LandingPage(page).heading).to_have_text("Tidak ada sambungan internet")
        assert canaries_of(person).found_in(page.content()) == []
    # The first page, where nobody is signed in, may have been kept alive.
    shown = re.compile("Tidak ada sambungan internet|Kartu JKN sekeluarga, di satu tempat")
    for _ in range(4):
        page.go_back(wait_until="commit")
        expect(LandingPage(page).heading).to_have_text(shown)
        assert canaries_of(person).found_in(page.content()) == []


def test_nothing_personal_is_stored(page: Page, running: RunningApp) -> None:
    person = running.identity(PERSON)
    sign_in(page, person)
    await_service_worker(page)
    for address in ("/kartu", "/lainnya", "/bantuan", "/beranda"):
        page.goto(address)
    # Nothing is stored even while somebody is signed in.
    assert canaries_of(person).found_in(everything_stored(page)) == []
    sign_out(page)
    stored = everything_stored(page)
    assert "/luring" in stored  # the scan does see what is kept
    assert canaries_of(person).found_in(stored) == []
