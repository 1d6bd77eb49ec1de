"""A switch answers at once, keeps the focus, and takes back what could not be saved."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Phone
from tests.support.clients.chromium import (
    HeldBack,
    accessibility_findings,
    await_service_worker,
    in_both_schemes,
)
from tests.support.pages.page_objects import sign_in
from tests.support.world.running_app import RunningApp

AT = "**/tampilan/huruf-besar"


def switch(page: Page) -> Locator:
    return page.get_by_role("switch", name="Huruf besar")


def is_large(page: Page) -> bool:
    return bool(
        page.evaluate("() => getComputedStyle(document.documentElement).fontSize === '20px'")
    )


def test_it_flips_at_once_and_says_that_it_saves(page: Page) -> None:
    page.goto("/")
    asked = HeldBack(page, AT)
    switch(page).click()
    expect(switch(page)).to_have_attribute("aria-checked", "true")
    expect(switch(page)).to_contain_text("Menyimpan…")
    assert is_large(page)
    switch(page).click()
    asked.first().continue_()
    expect(switch(page)).to_contain_text("Menyala")
    expect(switch(page)).to_have_attribute("aria-checked", "true")
    page.reload()
    assert is_large(page)
    # The second tap was dropped; it was not sent after the answer to the first.
    assert asked.count == 1


def test_the_keyboard_flips_it_and_stays_on_it(page: Page) -> None:
    page.goto("/")
    switch(page).focus()
    for key, state in (("Space", "true"), ("Enter", "false")):
        with page.expect_response(AT):
            page.keyboard.press(key)
        expect(switch(page)).to_have_attribute("aria-checked", state)
        expect(switch(page)).to_contain_text("Menyala" if state == "true" else "Mati")
        expect(switch(page)).to_be_focused()
        # For a moment htmx has not set up the new part, and sending it would open a page.
        expect(page.locator(".htmx-added")).to_have_count(0)


@pytest.mark.service_worker
def test_without_a_network_it_flips_back_and_says_so(page: Page) -> None:
    page.goto("/")
    await_service_worker(page)
    page.context.set_offline(True)
    switch(page).click()
    problem = page.get_by_role("alert")
    expect(problem).to_contain_text(
        "Tidak ada sambungan internet. Huruf besar belum tersimpan. Coba lagi."
    )
    expect(problem).to_be_in_viewport()
    expect(switch(page)).to_have_attribute("aria-checked", "false")
    expect(switch(page)).to_contain_text("Mati")
    expect(switch(page)).to_be_focused()
    assert not is_large(page)
    for _ in in_both_schemes(page):
        assert accessibility_findings(page) == []
    page.context.set_offline(False)
    switch(page).click()
    expect(switch(page)).to_contain_text("Menyala")
    expect(problem).to_have_count(0)


def test_a_server_in_trouble_or_silent_flips_it_back_too(page: Page) -> None:
    page.goto("/")
    page.route(AT, lambda route: route.fulfill(status=500, body="<p>gagal</p>"))
    switch(page).click()
    expect(page.get_by_role("alert")).to_contain_text("Huruf besar belum tersimpan")
    expect(switch(page)).to_have_attribute("aria-checked", "false")
    assert not is_large(page)
    page.unroute(AT)
    page.evaluate("() => { htmx.config.timeout = 300 }")
    HeldBack(page, AT)
    switch(page).click()
    expect(page.get_by_role("alert")).to_contain_text("Sambungan terlalu lambat")
    expect(switch(page)).to_have_attribute("aria-checked", "false")


def test_it_works_without_javascript(new_phone: Phone) -> None:
    page = new_phone(java_script_enabled=False).new_page()
    page.goto("/")
    for words in ("Menyala", "Mati"):
        switch(page).click()
        expect(switch(page)).to_contain_text(words)
        expect(page).to_have_url(re.compile("/#large-text$"))
        expect(switch(page)).to_be_in_viewport()


def test_on_profil_the_place_on_the_page_is_kept(page: Page, running: RunningApp) -> None:
    sign_in(page, running.identity("ppu_active"))
    page.goto("/profil")
    switch(page).scroll_into_view_if_needed()
    with page.expect_response(AT):
        switch(page).click()
    expect(switch(page)).to_contain_text("Menyala")
    expect(switch(page)).to_be_in_viewport()
    assert page.url.endswith("/profil")
