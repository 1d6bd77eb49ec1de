"""Info Peserta as `make screenshots` opens it."""

from playwright.sync_api import Page

from tests.support.pages.page_objects import sign_in
from tests.support.pages.participant_pages import as_if_nothing_was_cancelled, info_of
from tests.support.screens.screens import Step
from tests.support.world.running_app import RunningApp


def _as(persona: str) -> Step:
    def step(page: Page, running: RunningApp) -> None:
        page.context.clear_cookies(name="jkn")
        sign_in(page, running.identity(persona))
        page.goto("/peserta")

    return step


def _waits(page: Page, running: RunningApp) -> None:
    as_if_nothing_was_cancelled(running)
    _as("family_of_deceased")(page, running)


def _member(name: str) -> Step:
    def step(page: Page, _running: RunningApp) -> None:
        info_of(page, name)

    return step


def _asked(page: Page, _running: RunningApp) -> None:
    info_of(page, "Ridho Harahap").ask_to_cancel()


def _cancelled(page: Page, _running: RunningApp) -> None:
    info_of(page, "Ridho Harahap").ask_to_cancel().cancel()


def _cancelled_before(page: Page, running: RunningApp) -> None:
    """The question in a tab that was open meanwhile."""
    as_if_nothing_was_cancelled(running)
    info_of(page, "Ridho Harahap").ask_to_cancel()
    question = page.url
    info_of(page, "Ridho Harahap").ask_to_cancel().cancel()
    page.goto(question)


STEPS: dict[str, Step] = {
    "i00-peserta": _as("ppu_active"),
    "i01-peserta-history": _member("Hendra Wibowo"),
    "i02-peserta-waits": _waits,
    "i03-peserta-class": _member("Ridho Harahap"),
    "i04-peserta-deceased": _member("Marasutan Harahap"),
    "i05-batalkan": _asked,
    "i06-batalkan-done": _cancelled,
    "i07-batalkan-again": _cancelled_before,
    "i08-peserta-dentist": _as("primary_facility_doctor"),
    "i09-peserta-dentist-member": _member("Bimo Setyawan"),
    "i10-peserta-longest-name": _as("name_of_60_letters"),
    "i11-peserta-longest-name-member": _member(
        "Raden Roro Kusumaningtyas Puspitasari Widyaningrum Dewantari"
    ),
    "i12-peserta-not-a-participant": _as("account_without_membership"),
}
