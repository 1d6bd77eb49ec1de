"""Keluar dan hapus semua data di HP ini: afterwards the phone is as if nobody had used the app."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.clients.chromium import await_service_worker, everything_stored
from tests.support.pages.page_objects import (
    LandingPage,
    SignInPage,
    expect_nobody_signed_in,
    sign_in,
)
from tests.support.pages.profile_pages import ProfilePage
from tests.support.pages.username_pages import (
    remember_and_leave,
    sign_in_by_number,
)
from tests.support.rules.canaries import Canaries
from tests.support.world.masked_numbers import masked
from tests.support.world.running_app import Identity, RunningApp

pytestmark = pytest.mark.service_worker

PERSON, OTHER = "ppu_active", "pbpu_14_months"


def canaries_of(*people: Identity) -> Canaries:
    canaries = Canaries()
    for person in people:
        for kind in ("nik", "card_number", "name", "password"):
            canaries.add(kind, getattr(person, kind))
    canaries.add("mask", "•••• ••••")
    return canaries


def erase(page: Page) -> None:
    page.goto("/keluar")
    page.get_by_role("button", name="Keluar dan hapus semua data di HP ini").click()
    page.wait_for_url("**/data-dihapus")
    done = page.get_by_role("status").filter(has_text="Semua data aplikasi di HP ini")
    expect(done).to_be_visible()


@pytest.mark.with_and_without_js
def test_nobody_is_remembered_any_more_and_back_shows_nothing_personal(
    either_page: Page, running: RunningApp
) -> None:
    person, other = running.identity(PERSON), running.identity(OTHER)
    remember_and_leave(either_page, other)
    sign_in_by_number(either_page, person)
    ProfilePage(either_page).open().remember(on=True)
    large_text = either_page.get_by_role("switch", name="Huruf besar")
    large_text.click()
    # Wait for the answer, which sets the cookie; before it the switch says "Menyimpan…".
    expect(large_text).to_contain_text("Menyala")
    before = {it["name"]: it["value"] for it in either_page.context.cookies()}
    assert set(before) == {"jkn", "hp", "huruf"}
    erase(either_page)
    after = {it["name"]: it["value"] for it in either_page.context.cookies()}
    # The first page has forms of its own, which need a new one.
    assert set(after) <= {"jkn"}
    assert after.get("jkn") != before["jkn"]
    for _ in range(5):
        either_page.go_back(wait_until="load")
        assert canaries_of(person, other).found_in(either_page.content()) == []
    LandingPage(either_page).open().to_sign_in()
    expect(SignInPage(either_page).number).to_have_value("")
    for person_gone in (person, other):
        expect(either_page.get_by_text(masked(person_gone))).to_have_count(0)


def test_a_browser_that_keeps_pages_alive_shows_nothing(
    caching_page: Page, running: RunningApp
) -> None:
    person = running.identity(PERSON)
    caching_page.goto("/")
    SignInPage(caching_page).open().sign_in(person)
    erase(caching_page)
    for _ in range(2):
        caching_page.go_back(wait_until="commit")
        expect_nobody_signed_in(caching_page)
        assert canaries_of(person).found_in(caching_page.content()) == []


def test_storages_are_gone_and_flight_mode_shows_nothing(page: Page, running: RunningApp) -> None:
    person = running.identity(PERSON)
    sign_in(page, person)
    await_service_worker(page)
    page.evaluate(
        """async () => {
          const { navigationPreload } = await navigator.serviceWorker.ready;
          await navigationPreload.setHeaderValue("canary");
          localStorage.setItem("canary", "1");
          sessionStorage.setItem("canary", "1");
          await caches.open("canary").then(cache => cache.put("/canary", new Response()));
        }"""
    )
    assert preload_header(page) == "canary"
    assert everything_stored(page).count("canary") == 4
    erase(page)
    assert "canary" not in everything_stored(page)
    assert canaries_of(person).found_in(everything_stored(page)) == []
    # The first page registers a new one, for whoever comes next.
    assert preload_header(page) == "true"
    page.context.set_offline(True)
    for address in ("/beranda", "/masuk"):
        page.goto(address)
        expect(LandingPage(page).heading).to_have_text("Tidak ada sambungan internet")
        assert canaries_of(person).found_in(page.content()) == []


def preload_header(page: Page) -> str:
    """A header that marks the service worker's registration, to tell a new one from the old."""
    await_service_worker(page)
    return str(
        page.evaluate(
            """() => navigator.serviceWorker.ready
              .then(({ navigationPreload }) => navigationPreload.getState())
              .then(({ headerValue }) => headerValue)"""
        )
    )
