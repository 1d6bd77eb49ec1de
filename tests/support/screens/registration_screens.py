"""The pages of Daftar, as `make screenshots` opens them."""

from dataclasses import replace

from playwright.sync_api import Page

from tests.support.pages.registration_pages import (
    MOBILE_USER,
    NEW_USER,
    RegistrationPages,
    as_if_nobody_had_registered,
    claim_of,
    let_the_time_run_out,
    recorded_phone,
)
from tests.support.screens.screens import Step, at, pressed
from tests.support.world.recovery_world import newest_message
from tests.support.world.running_app import RunningApp

_NOT_INSURED = "registry_spouse"
_RECORDED, _OTHER_PHONE = "no_account", "stale_phone_no_account"
_HAS_ACCOUNT = "ppu_active"


def _doors(page: Page, running: RunningApp) -> None:
    """As a stranger, whom nobody has heard of."""
    page.context.clear_cookies(name="jkn")
    as_if_nobody_had_registered(running)
    RegistrationPages(page).open()


def _at_door(door: str) -> Step:
    def step(page: Page, running: RunningApp) -> None:
        _doors(page, running)
        RegistrationPages(page).choose(door)

    return step


def _invalid(page: Page) -> None:
    page.locator("[aria-invalid=true]").first.wait_for()


def _refused(captcha: str | None = None, **changes: str) -> Step:
    def step(page: Page, running: RunningApp) -> None:
        _at_door(NEW_USER)(page, running)
        claim = replace(claim_of(running, _NOT_INSURED), **changes)
        RegistrationPages(page).claim(claim, captcha)
        _invalid(page)

    return step


def _no_match(page: Page, _running: RunningApp) -> None:
    """Send the form again unchanged, after the page asked to check it."""
    RegistrationPages(page).verify()
    page.get_by_role("heading", name="Masih tidak cocok?").wait_for()


def _as_new_user(persona: str) -> Step:
    """Go as far as the phone, or to the end that comes before."""

    def step(page: Page, running: RunningApp) -> None:
        _at_door(NEW_USER)(page, running)
        RegistrationPages(page).claim(claim_of(running, persona))
        page.wait_for_url(lambda url: not url.endswith("/pengguna-baru"))

    return step


def _wrong_phone(page: Page, _running: RunningApp) -> None:
    RegistrationPages(page).give_phone("0812 345")
    _invalid(page)


def _terms(page: Page, _running: RunningApp) -> None:
    RegistrationPages(page).give_phone()
    page.wait_for_url("**/syarat")


def _unfolded(page: Page, _running: RunningApp) -> None:
    page.get_by_text("Baca semuanya").click()
    RegistrationPages(page).tick.check()


def _code(page: Page, _running: RunningApp) -> None:
    RegistrationPages(page).agree()


def _password(page: Page, running: RunningApp) -> None:
    page.goto("/daftar/kode")
    RegistrationPages(page).give_code(newest_message(running, "sms", "Kode JKN").code)
    page.wait_for_url("**/kata-sandi")


def _registered(page: Page, _running: RunningApp) -> None:
    RegistrationPages(page).register()
    page.wait_for_url(lambda url: not url.endswith("/kata-sandi"))


def _has_account(page: Page, running: RunningApp) -> None:
    _as_new_user(_HAS_ACCOUNT)(page, running)
    steps = RegistrationPages(page).give_phone(recorded_phone(running, _HAS_ACCOUNT)).agree()
    steps.give_code(newest_message(running, "sms", "Kode JKN").code)
    page.wait_for_url("**/cara-lain")


def _question(page: Page, running: RunningApp) -> None:
    _as_new_user(_OTHER_PHONE)(page, running)
    RegistrationPages(page).give_phone()
    page.wait_for_url("**/pertanyaan/1")


def _wrong_answers(page: Page, _running: RunningApp) -> None:
    for number in (1, 2, 3):
        page.wait_for_url(f"**/pertanyaan/{number}")
        page.get_by_role("textbox").fill("Tidak tahu")
        RegistrationPages(page).next()
    _invalid(page)


def _kept_answer(page: Page, _running: RunningApp) -> None:
    page.get_by_role("textbox").fill("Tidak tahu")
    RegistrationPages(page).next()
    page.wait_for_url("**/pertanyaan/2")
    RegistrationPages(page).link("Kembali").click()
    page.get_by_text("Sudah Anda jawab").wait_for()


def _question_of_unknown(page: Page, running: RunningApp) -> None:
    _at_door(MOBILE_USER)(page, running)
    RegistrationPages(page).name_number("3276016810820009").give_phone()
    page.wait_for_url("**/pertanyaan/1")


def _questions_closed(page: Page, _running: RunningApp) -> None:
    for _ in range(3):
        for number in (1, 2, 3):
            page.wait_for_url(f"**/pertanyaan/{number}")
            page.get_by_role("textbox").fill("Tidak tahu")
            RegistrationPages(page).next()
    page.wait_for_url("**/pertanyaan-ditutup")


def _expired(page: Page, running: RunningApp) -> None:
    let_the_time_run_out(running)
    page.goto("/daftar/nomor-hp")


def _limited(page: Page, running: RunningApp) -> None:
    _question(page, running)
    steps = RegistrationPages(page).answer_as(running, running.identity(_OTHER_PHONE).nik)
    steps.agree().give_code(newest_message(running, "sms", "Kode JKN").code)
    steps.register()
    page.wait_for_url("**/beranda")


def _landing(page: Page, running: RunningApp) -> None:
    _at_door(MOBILE_USER)(page, running)
    steps = RegistrationPages(page).name_number(running.identity(_RECORDED).card_number)
    steps.give_phone(recorded_phone(running, _RECORDED)).agree()
    steps.give_code(newest_message(running, "sms", "Kode JKN").code)
    steps.register()
    page.get_by_text("Akun Anda sudah terdaftar").wait_for()


STEPS: dict[str, Step] = {
    "70-daftar": _doors,
    "71-pengguna-baru": _at_door(NEW_USER),
    "72-pengguna-baru-empty": pressed("Verifikasi Data"),
    "73-pengguna-baru-wrong-captcha": _refused(captcha="54321"),
    "74-pengguna-baru-check-again": _refused(day="3"),
    "75-pengguna-baru-no-match": _no_match,
    "76-pengguna-mobile": _at_door(MOBILE_USER),
    "77-pengguna-mobile-empty": pressed(),
    "78-nomor-hp": _as_new_user(_NOT_INSURED),
    "79-nomor-hp-wrong": _wrong_phone,
    "80-syarat": _terms,
    "81-syarat-not-ticked": pressed("Selanjutnya"),
    "82-syarat-unfolded": _unfolded,
    "83-kode-daftar": _code,
    "84-sms-tidak-datang": at("/daftar/sms-tidak-datang"),
    "85-kata-sandi": _password,
    "86-kata-sandi-empty": pressed("Registrasi"),
    "87-beranda-registered": _registered,
    "88-cara-lain-has-account": _has_account,
    "89-cara-lain-too-young": _as_new_user("minor_16"),
    "90-cara-lain-deceased": _as_new_user("deceased"),
    "91-pertanyaan-daftar": _question,
    "92-pertanyaan-daftar-wrong": _wrong_answers,
    "92a-pertanyaan-daftar-kept": _kept_answer,
    "92b-pertanyaan-pengguna-mobile": _question_of_unknown,
    "92c-pertanyaan-ditutup": _questions_closed,
    "92d-nomor-hp-pertanyaan-ditutup": at("/daftar/nomor-hp"),
    "93-waktu-habis": _expired,
    "94-beranda-limited-registered": _limited,
    "95-landing-registered": _landing,
    "96-syarat-ketentuan": at("/syarat-ketentuan"),
    "97-syarat-biometrik": at("/syarat-ketentuan/biometrik"),
}
