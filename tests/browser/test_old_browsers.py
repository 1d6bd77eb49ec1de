"""The oldest browsers of docs/experience.md, as far as Chromium can play them: the app is styled,
and can be used."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from jkn import assets
from tests.browser.conftest import Phone
from tests.browser.test_every_page import overflow, small_targets
from tests.browser.test_session_end import dialog, let_time_pass
from tests.support.clients.chromium import box_of, on_a_narrow_screen
from tests.support.compatibility import old_browsers
from tests.support.pages.page_objects import SignInPage, sign_in
from tests.support.world.running_app import RunningApp

PAGES = ("/", "/masuk", "/daftar", "/lupa-kata-sandi", "/bantuan", "/faskes")
PAGES_OF_ACCOUNTS = ("/beranda", "/kartu", "/peserta", "/profil", "/notifikasi", "/lainnya")

_LARGEST_ICON = """() => Math.max(...[...document.querySelectorAll("main svg, header svg")]
  .filter((it) => !it.closest(".weave")).map((it) => it.getBoundingClientRect().width))"""


# Chrome and the WebView of that time are the same engine as Samsung Internet, and lack less.
@pytest.fixture(params=["samsung", "safari"])
def old_page(request: pytest.FixtureRequest, new_phone: Phone, tmp_path: Path) -> Page:
    """A page in one of these browsers."""
    context = new_phone(service_workers="block")
    old_browsers.pretend(context, request.param, assets.prepare(tmp_path))
    return context.new_page()


def looks_bad(page: Page) -> list[str]:
    """What is wrong with a page for somebody with such a browser."""
    with on_a_narrow_screen(page):
        sideways = overflow(page)
    largest = page.evaluate(_LARGEST_ICON)
    return [
        *sideways,
        *small_targets(page),
        *([f"an icon of {largest} pixels"] if largest > 60 else []),
        *([] if "rgb(243, 247, 246)" in ground(page) else ["no style"]),
    ]


def ground(page: Page) -> str:
    return str(page.evaluate("() => getComputedStyle(document.documentElement).backgroundColor"))


def test_pages_are_styled_and_can_be_used(old_page: Page, running: RunningApp) -> None:
    found = {}
    for address in PAGES:
        old_page.goto(address)
        found[address] = looks_bad(old_page)
    form = SignInPage(old_page).open()
    assert box_of(form.button("MASUK"))["y"] < 1200
    form.sign_in(running.identity("ppu_active"))
    for address in PAGES_OF_ACCOUNTS:
        old_page.goto(address)
        found[address] = looks_bad(old_page)
    assert {where: problems for where, problems in found.items() if problems} == {}


def test_the_end_of_a_session_is_said_over_the_page(old_page: Page, running: RunningApp) -> None:
    old_page.clock.install()
    sign_in(old_page, running.identity("ppu_active"))
    old_page.goto("/tampilan/mode-gelap")
    let_time_pass(old_page, running)
    expect(dialog(old_page)).to_be_visible()
    button = dialog(old_page).get_by_role("button", name="Tetap masuk")
    expect(button).to_be_in_viewport()
    expect(button).to_be_focused()
    button.click()
    expect(dialog(old_page)).to_have_count(0)


def test_without_style_an_icon_is_small_and_the_way_in_is_near(
    page: Page,
) -> None:
    page.goto("/masuk")
    page.evaluate(
        "() => document.querySelectorAll('style, link[rel=stylesheet]').forEach(it => it.remove())"
    )
    assert page.evaluate(_LARGEST_ICON) == 28
    assert page.evaluate("() => getComputedStyle(document.querySelector('svg')).fill") == "none"
    assert box_of(SignInPage(page).button("MASUK"))["y"] < 1200


def test_what_is_missing_is_taken_out() -> None:
    css = (
        "a{color:red;text-wrap:balance}b:focus-visible{top:0}i{display:flex;gap:1px}"
        "@supports not (inset:0){u{top:0}}@media (scripting:none){s{top:0}}"
    )
    assert old_browsers.style_sheet(css, "safari").replace(" ", "") == (
        "a{color:red}i{display:flex}u{top:0}"
    )
    assert old_browsers.style_sheet(css, "chrome").replace(" ", "") == (
        "a{color:red}b:focus-visible{top:0}i{display:flex;gap:1px}"
    )
