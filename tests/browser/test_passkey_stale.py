"""A page from before somebody signed in or out, and browsers without cookies: Masuk says what it
does, and reloads only once."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.pages.page_objects import HomePage
from tests.support.pages.passkey_pages import (
    OPTIONS,
    FingerprintSignInPage,
    Lock,
    enrolled_and_left,
    tapping_only,
)
from tests.support.world.running_app import Identity, RunningApp

RENEWED = "Halaman ini sudah lama. Kami muat ulang. Coba lagi."
NO_COOKIES = "Cookie di browser ini mati. Nyalakan, lalu muat ulang halaman ini."


@pytest.fixture
def person(running: RunningApp) -> Identity:
    return running.identity("ppu_active")


@pytest.fixture
def lock(page: Page) -> Lock:
    return tapping_only(page)


def loads(page: Page) -> list[Page]:
    """A list that grows with each document that is loaded from now on."""
    seen: list[Page] = []
    page.on("domcontentloaded", lambda it: seen.append(it))
    return seen


def test_an_old_page_is_loaded_anew_says_so_once_and_works(
    page: Page, person: Identity, lock: Lock
) -> None:
    form = enrolled_and_left(page, person, lock)
    page.context.clear_cookies(name="jkn")
    form.use()
    expect(form.said).to_have_text(RENEWED)
    assert page.evaluate("() => history.state") is None
    kept = page.evaluate("() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }])")
    assert "renewed" not in kept
    page.reload()
    expect(form.fingerprint).to_be_visible()
    expect(form.said).to_have_text("")
    with lock.in_hand():
        form.use()
        HomePage(page).expect_open(person)


def test_a_reload_that_did_not_help_is_not_repeated(page: Page, lock: Lock) -> None:
    page.route(OPTIONS, lambda route: route.fulfill(status=400, body=""))
    form = FingerprintSignInPage(page).open()
    loaded = loads(page)
    form.use()
    expect(form.said).to_have_text(RENEWED)
    form.number.fill("12345")
    for _ in range(2):
        form.use()
        expect(form.said).to_have_text(NO_COOKIES)
    expect(form.number).to_have_value("12345")
    assert len(loaded) == 1


def test_a_browser_known_to_keep_no_cookies_is_told_at_once(page: Page, lock: Lock) -> None:
    page.add_init_script("Object.defineProperty(navigator, 'cookieEnabled', { value: false })")
    page.route(OPTIONS, lambda route: route.fulfill(status=400, body=""))
    form = FingerprintSignInPage(page).open()
    loaded = loads(page)
    form.number.fill("12345")
    form.use()
    expect(form.said).to_have_text(NO_COOKIES)
    expect(form.number).to_have_value("12345")
    assert loaded == []
