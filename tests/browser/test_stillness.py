"""Nothing jumps away from under a thumb, neither while a page loads nor afterwards (CLS)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, BrowserType, Page, Route, expect

from tests.support.clients.chromium import PHONE, launch_options, phone_options
from tests.support.pages.page_objects import sign_in
from tests.support.pages.passkey_pages import enrolled_and_left, with_lock
from tests.support.rules import budgets
from tests.support.world.running_app import RunningApp

TALL = {"width": 412, "height": 915}

# Waits until the page knows what the phone can and is painted, then reads the layout shifts.
_SHIFTS = """async () => {
  await globalThis.phoneKeys?.abilityOf();
  await document.fonts.ready;
  for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
  await new Promise(resolve => requestIdleCallback(resolve));
  const observer = new PerformanceObserver(() => {});
  observer.observe({ type: "layout-shift", buffered: true });
  return observer.takeRecords().map(it => [it.value, it.sources.map(({ node }) =>
    node?.parentElement?.outerHTML.slice(0, 80))]);
}"""


@pytest.fixture(params=[PHONE, TALL], ids=["small", "tall"])
def lasting(
    request: pytest.FixtureRequest, browser_type: BrowserType, running: RunningApp, tmp_path: Path
) -> Iterator[BrowserContext]:
    """A browser with a profile on disk, since only there the app can be installed."""
    options = {**launch_options(), **phone_options(running.url, viewport=request.param)}
    context = browser_type.launch_persistent_context(tmp_path, **options)
    yield context
    context.close()


def shifts(page: Page) -> list[tuple[float, list[str]]]:
    """How much jumped since the page was opened, and what. Jumps right after taps count, too."""
    found: list[tuple[float, list[str]]] = page.evaluate(_SHIFTS)
    return found


def is_still(page: Page) -> bool:
    found = shifts(page)
    print(page.url, found)
    return sum(value for value, _ in found) <= budgets.LAYOUT_SHIFT


def opened_before_its_scripts(page: Page, address: str) -> None:
    """The page is painted before any script has come, as on a slow network."""
    waiting: list[Route] = []
    page.route("**/*.js*", lambda route: waiting.append(route))
    page.goto(address, wait_until="commit")
    expect(page.locator("form[action]").last).to_be_visible()
    page.evaluate("new Promise(it => requestAnimationFrame(() => requestAnimationFrame(it)))")
    page.unroute("**/*.js*")
    for each in waiting:
        each.continue_()


def test_nothing_jumps_on_any_page_nor_when_the_app_turns_out_to_be_installable(
    lasting: BrowserContext, running: RunningApp
) -> None:
    page = lasting.new_page()
    page.goto("/")
    expect(page.locator("install-card")).to_be_visible()
    assert is_still(page)
    for address in ("/masuk", "/bantuan", "/luring", "/ini-tidak-ada"):
        page.goto(address)
        assert is_still(page)
    sign_in(page, running.identity("arrears"))
    assert is_still(page)
    for address in ("/kartu", "/profil/aktivitas", "/lainnya", "/keluar"):
        page.goto(address)
        assert is_still(page)


def test_nothing_jumps_when_the_phone_turns_out_to_have_a_lock(
    lasting: BrowserContext, running: RunningApp
) -> None:
    page = lasting.new_page()
    lock = with_lock(page)
    page.goto("/masuk")
    expect(page.locator("#passkey-button")).to_be_visible()
    assert is_still(page)
    person = running.identity("ppu_active")
    form = enrolled_and_left(page, person, lock)
    expect(form.fingerprint).to_be_visible()
    assert is_still(page)
    opened_before_its_scripts(page, "/masuk")
    expect(page.locator("passkey-form:defined")).to_be_visible()
    assert is_still(page)
    form.sign_in(person)
    assert is_still(page)
    for address in ("/profil/biometrik", "/profil", "/profil/pin/buka", "/keluar"):
        page.goto(address)
        assert is_still(page)


def test_a_jump_would_be_seen(page: Page) -> None:
    page.goto("/bantuan")
    # What moves before anything was painted is no jump.
    assert is_still(page)
    page.evaluate("document.querySelector('h1').style.marginBlockStart = '300px'")
    assert not is_still(page)
