"""The pages of Lupa Kata Sandi and of what follows it, as `make screenshots` opens them."""

from playwright.sync_api import Page

from tests.support.clients.tunnel import answers_lost
from tests.support.pages.page_objects import RecoveryPages, SignInPage
from tests.support.screens.screens import Step, at, pressed
from tests.support.world.recovery_world import answers_of, begin_anew, newest_message
from tests.support.world.running_app import RunningApp

_NEW_PASSWORD = "teh manis di beranda"
_OF_WAY = {"SMS": "ppu_active", "Email": "ppu_ending", "Pertanyaan": "ppu_active_spouse"}


def _after(way: str) -> Step:
    """As far as what follows a way chosen, for somebody who asks for nothing else."""

    def step(page: Page, running: RunningApp) -> None:
        page.context.clear_cookies(name="jkn")
        begin_anew(running)
        person = running.identity(_OF_WAY[way])
        RecoveryPages(page).open().begin(person.nik).choose(way)
        page.wait_for_url(lambda url: not url.endswith("/cara"))

    return step


def _start(page: Page, _running: RunningApp) -> None:
    RecoveryPages(page).open()


def _ways(page: Page, running: RunningApp) -> None:
    RecoveryPages(page).open().begin(running.identity("ppu_active").nik)


def _wrong_code(page: Page, _running: RunningApp) -> None:
    RecoveryPages(page).give_code("000000")
    page.locator("[aria-invalid=true]").first.wait_for()


def _code_lost(page: Page, running: RunningApp) -> None:
    """The right code arrives and its answer gets lost; then the page is opened again."""
    address = page.url
    code = newest_message(running, "sms").code
    with answers_lost(page), page.expect_event("requestfailed"):
        RecoveryPages(page).give_code(code)
    page.goto(address)


def _answered(page: Page, running: RunningApp) -> None:
    """Answer every question rightly, as far as the new password."""
    known = answers_of(running, running.identity(_OF_WAY["Pertanyaan"]).nik)
    steps = RecoveryPages(page)
    for number in (1, 2, 3):
        page.get_by_text(f"Pertanyaan {number} dari 3").wait_for()
        steps.answer.fill(known[steps.heading.inner_text()])
        steps.next()
    page.wait_for_url("**/kata-sandi")


def _done(page: Page, _running: RunningApp) -> None:
    RecoveryPages(page).set_password(_NEW_PASSWORD)


def _wrong_afterwards(page: Page, _running: RunningApp) -> None:
    SignInPage(page).give_password("bukan kata sandi")
    page.locator("[aria-invalid=true]").first.wait_for()


def _limited(address: str) -> Step:
    def step(page: Page, running: RunningApp) -> None:
        if page.url.endswith("/masuk"):
            form = SignInPage(page)
            form.captcha.answer(None)
            form.give_password(_NEW_PASSWORD)
            page.wait_for_url("**/beranda")
        page.goto(address)

    return step


def _disavowed(page: Page, running: RunningApp) -> None:
    page.goto(newest_message(running, "sms", "bukan-saya").link)


def _frozen(page: Page, _running: RunningApp) -> None:
    page.get_by_role("button", name="Bukan saya, bekukan akun").click()
    page.wait_for_url("**/selesai")


STEPS: dict[str, Step] = {
    "12-lupa-kata-sandi": _start,
    "13-lupa-kata-sandi-empty": pressed(),
    "14-cara": _ways,
    "50-kode-sms": _after("SMS"),
    "51-kode-wrong": _wrong_code,
    "51b-kode-again": _code_lost,
    "52-kode-email": _after("Email"),
    "53-pertanyaan": _after("Pertanyaan"),
    "54-pertanyaan-empty": pressed(),
    "55-kata-sandi-baru": _answered,
    "56-kata-sandi-baru-empty": pressed("Simpan kata sandi baru"),
    "57-masuk-afterwards": _done,
    "57b-masuk-afterwards-wrong": _wrong_afterwards,
    "58-beranda-limited": _limited("/beranda"),
    "59-akses-terbatas": _limited("/akses-terbatas"),
    "60-bukan-saya": _disavowed,
    "61-bukan-saya-done": _frozen,
    "62-tautan-dead": at("/lupa-kata-sandi/tautan"),
}
