"""The pages of Simpan Data Username and of leaving nothing behind, as `make screenshots` opens
them."""

from playwright.sync_api import Page

from tests.support.pages.profile_pages import ProfilePage
from tests.support.pages.username_pages import (
    SavedSignInPage,
    remember_and_leave,
    sign_in_by_number,
)
from tests.support.screens.screens import Step, at, pressed
from tests.support.world.running_app import RunningApp

_PEOPLE = ("ppu_active", "pbpu_14_months", "arrears")


def _begin(page: Page) -> None:
    for name in ("jkn", "hp"):
        page.context.clear_cookies(name=name)


def _saved(page: Page, running: RunningApp) -> None:
    _begin(page)
    sign_in_by_number(page, running.identity(_PEOPLE[0]))
    ProfilePage(page).open().remember(on=True)


def _remembered(*personas: str) -> Step:
    def step(page: Page, running: RunningApp) -> None:
        _begin(page)
        remember_and_leave(page, *map(running.identity, personas))

    return step


def _refused(page: Page, _running: RunningApp) -> None:
    SavedSignInPage(page).open().give("bukan kata sandi").submit()
    page.locator("[aria-invalid=true]").first.wait_for()


def _forgotten(page: Page, _running: RunningApp) -> None:
    SavedSignInPage(page).open().not_me.first.click()
    page.get_by_text("sudah dihapus dari HP ini").wait_for()


def _erased(page: Page, _running: RunningApp) -> None:
    """The page after erasing, without erasing: the look that was chosen must stay."""
    _begin(page)
    page.goto("/data-dihapus")


STEPS: dict[str, Step] = {
    "63-profil-number-saved": _saved,
    "64-keluar-number-saved": at("/keluar"),
    "65-masuk-one-saved": _remembered(_PEOPLE[0]),
    "65-masuk-one-saved-refused": _refused,
    "66-masuk-three-saved": _remembered(*_PEOPLE),
    "66-masuk-three-saved-empty": pressed("MASUK"),
    "67-masuk-other-number": at("/masuk?nomor=lain"),
    "68-masuk-number-forgotten": _forgotten,
    "69-landing-erased": _erased,
}
