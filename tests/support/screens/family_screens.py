"""What an account shows that waits for the family, and what the family is asked, as
`make screenshots` opens it."""

from playwright.sync_api import Page

from tests.support.pages.page_objects import SignInPage
from tests.support.pages.registration_pages import (
    CHOSEN,
    MOBILE_USER,
    RegistrationPages,
    as_if_nobody_had_registered,
)
from tests.support.screens.screens import Step, at
from tests.support.world.recovery_world import newest_message
from tests.support.world.running_app import RunningApp

_ASKED_FOR = "no_contact_no_account"
_ALONE = "partly_insured_member"
YES, NO = "Benar, ini keluarga saya", "Bukan, bekukan akun itu"


def register_by_answers(page: Page, running: RunningApp, persona: str) -> None:
    """Daftar with the family card at hand and a phone of one's own, then Masuk."""
    page.context.clear_cookies(name="jkn")
    as_if_nobody_had_registered(running)
    nik = running.identity(persona).nik
    steps = RegistrationPages(page).open().choose(MOBILE_USER).name_number(nik).give_phone()
    steps.answer_as(running, nik).agree()
    steps.give_code(newest_message(running, "sms", "Kode JKN").code)
    steps.register()
    page.get_by_text("Akun Anda sudah terdaftar").wait_for()
    SignInPage(page).give_password(CHOSEN)
    page.wait_for_url("**/beranda")


def _waits(persona: str, address: str = "/beranda") -> Step:
    def step(page: Page, running: RunningApp) -> None:
        register_by_answers(page, running, persona)
        page.goto(address)

    return step


def open_question(page: Page, running: RunningApp) -> None:
    """As a relative, who is signed in nowhere."""
    page.context.clear_cookies(name="jkn")
    page.goto(newest_message(running, "sms", "Benar atau bukan?").link)
    page.wait_for_url("**/keluarga/akun-baru")


def _pressed(button: str, address: str) -> Step:
    def step(page: Page, _running: RunningApp) -> None:
        page.get_by_role("button", name=button).click()
        page.wait_for_url(address)

    return step


def _changed_mind(page: Page, _running: RunningApp) -> None:
    page.get_by_role("link", name="Salah pilih?").click()
    page.wait_for_url("**/keluarga/akun-baru")


STEPS: dict[str, Step] = {
    "f00-akses-terbatas-alone": _waits(_ALONE, "/akses-terbatas"),
    "f01-beranda-waits": _waits(_ASKED_FOR),
    "f02-akses-terbatas-waits": at("/akses-terbatas"),
    "f03-kartu-waits": at("/kartu"),
    "f04-profil-waits": at("/profil"),
    "f05-keluarga-akun-baru": open_question,
    "f06-dipastikan": _pressed(YES, "**/dipastikan"),
    "f07-keluarga-sudah-benar": _changed_mind,
    "f08-dibekukan": _pressed(NO, "**/dibekukan"),
    "f09-tautan-dead": at("/keluarga/akun-baru"),
}
