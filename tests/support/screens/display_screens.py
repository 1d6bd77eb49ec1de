"""Mode gelap and the end of a session, as `make screenshots` opens them."""

from datetime import timedelta

from playwright.sync_api import Page

from tests.support.pages.page_objects import sign_in
from tests.support.screens.screens import Step, at
from tests.support.world.app_database import let_sessions_age
from tests.support.world.running_app import RunningApp

_PERSON = "ppu_active"


def _saved(page: Page, _running: RunningApp) -> None:
    page.get_by_role("radio", name="Gelap Selalu gelap").check()
    page.get_by_role("button", name="Simpan").click()
    page.get_by_role("status").filter(has_text="Tersimpan").wait_for()


def _dark_landing(page: Page, _running: RunningApp) -> None:
    page.context.clear_cookies(name="jkn")
    page.goto("/")


def _near_the_end(page: Page, running: RunningApp) -> None:
    """Two minutes before the end of the session, when the dialog appears."""
    page.context.clear_cookies(name="warna")
    sign_in(page, running.identity(_PERSON))
    page.goto("/profil")
    let_sessions_age(running, unused=timedelta(minutes=28))
    # The page learns of it when it is shown again, as after a sleep of the phone.
    page.evaluate("() => document.querySelector('session-watch').lasts?.(100)")
    page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    if page.evaluate("() => Boolean(customElements.get('session-watch'))"):
        page.get_by_role("dialog").wait_for()


def _near_the_last_end(page: Page, running: RunningApp) -> None:
    let_sessions_age(running, unused=timedelta(0), age=timedelta(hours=11, minutes=58, seconds=5))
    page.goto("/profil")


STEPS: dict[str, Step] = {
    "42-mode-gelap": at("/tampilan/mode-gelap"),
    "43-mode-gelap-saved": _saved,
    "44-landing-dark-by-choice": _dark_landing,
    "45-session-ends": _near_the_end,
    "46-session-ends-for-good": _near_the_last_end,
}
