"""People who enlarge: the whole page, the letters of the phone, or those of the app."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Phone
from tests.browser.test_every_page import choose_large_text, overflow
from tests.support.clients.chromium import NARROW, PHONE, ZOOMED, box_of
from tests.support.pages.page_objects import SignInPage, sign_in
from tests.support.world.running_app import RunningApp


def letters_of_the_phone(page: Page, percent: int) -> None:
    """As chosen in the phone's settings: what the app measures in rem grows with them."""
    page.context.new_cdp_session(page).send(
        "Page.setFontSizes", {"fontSizes": {"standard": 16 * percent // 100}}
    )


@pytest.fixture
def narrow_page(new_phone: Phone, running: RunningApp) -> Page:
    """In large letters on the narrowest phone."""
    page = new_phone(viewport=NARROW, screen=NARROW).new_page()
    choose_large_text(page, running)
    return page


def test_the_bell_stays_on_the_screen_in_letters_of_the_phone(
    page: Page, running: RunningApp
) -> None:
    sign_in(page, running.identity("ppu_active"))
    for percent in (150, 200):
        letters_of_the_phone(page, percent)
        expect_everything_on_the_screen(page, PHONE["width"])
        # The letters do grow, in the bar as well.
        size = page.evaluate(
            "() => parseFloat(getComputedStyle(document.querySelector('.bell')).fontSize)"
        )
        assert size >= 15 * percent / 100 * 0.75


def test_the_bell_stays_on_the_screen_at_twice_its_size(page: Page, running: RunningApp) -> None:
    sign_in(page, running.identity("ppu_active"))
    page.set_viewport_size({"width": ZOOMED["width"], "height": ZOOMED["height"]})
    expect_everything_on_the_screen(page, ZOOMED["width"])
    # A bar of two lines would hide half of the page.
    bar = page.locator(".bottom-nav")
    assert bar.evaluate("it => getComputedStyle(it).position") == "static"


def expect_everything_on_the_screen(page: Page, width: int) -> None:
    assert overflow(page) == []
    for link in page.locator(".app-bar > *, .bottom-nav a").all():
        box = box_of(link)
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width


def test_a_password_and_its_button_share_a_line(narrow_page: Page) -> None:
    form = SignInPage(narrow_page).open()
    for words in ("Tampilkan", "Sembunyikan"):
        button = form.button(words)
        field, beside = box_of(form.password), box_of(button)
        assert beside["y"] < field["y"] + field["height"]
        assert field["width"] >= 120
        button.click()


def test_rows_leave_room_for_words_and_the_bar_keeps_to_one_line(
    narrow_page: Page, running: RunningApp
) -> None:
    sign_in(narrow_page, running.identity("ppu_active"))
    tops = narrow_page.locator(".app-bar > *").evaluate_all(
        "parts => parts.map(it => it.getBoundingClientRect()).map(it => it.top + it.height / 2)"
    )
    assert max(tops) - min(tops) < 1
    narrow_page.goto("/profil")
    rows = narrow_page.locator(".row-text")
    expect(rows.first).to_be_visible()
    widths = rows.evaluate_all("rows => rows.map(it => it.getBoundingClientRect().width)")
    assert min(widths) >= 140
    assert len(widths) > 5
