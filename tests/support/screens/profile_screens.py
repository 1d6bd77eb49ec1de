"""What `make screenshots` takes of Profil and the pages below it."""

from playwright.sync_api import Page

from tests.support.pages.page_objects import sign_in
from tests.support.pages.profile_pages import (
    OTHER_PIN,
    PIN,
    ProfilePage,
    close_pins,
    forget_pins,
    open_elsewhere,
    signed_in_for,
)
from tests.support.screens.screens import Step, at, pressed
from tests.support.world.running_app import RunningApp

_PERSONA = "ppu_active"


def _profile(page: Page, running: RunningApp) -> None:
    forget_pins(running)
    _sign_in(page, running)


def _sign_in(page: Page, running: RunningApp) -> None:
    page.context.clear_cookies(name="jkn")
    sign_in(page, running.identity(_PERSONA))
    ProfilePage(page).open()


def _new_pin(page: Page, running: RunningApp) -> None:
    page.goto("/profil/pin/buat")
    ProfilePage(page).to_new_pin(running, running.identity(_PERSONA).password)


def _pin_made(page: Page, _running: RunningApp) -> None:
    ProfilePage(page).set_pin(PIN)
    page.get_by_text("PIN berhasil dibuat").wait_for()


def _asked_for_pin(page: Page, running: RunningApp) -> None:
    """Ask in a new session, since in the one that chose the PIN a step-up holds."""
    _sign_in(page, running)
    ProfilePage(page).link("Lihat").click()
    page.wait_for_url("**/profil/pin/buka")


def _wrong_pin(page: Page, _running: RunningApp) -> None:
    ProfilePage(page).give_pin("PIN", OTHER_PIN, "Buka")
    page.locator("[aria-invalid=true]").first.wait_for()


def _looked(page: Page, _running: RunningApp) -> None:
    ProfilePage(page).give_pin("PIN", PIN, "Buka")
    page.wait_for_url("**/profil/data")


def _own_card(page: Page, _running: RunningApp) -> None:
    page.goto("/kartu")
    ProfilePage(page).link("Lihat nomor lengkap").click()
    page.wait_for_url("**/kartu/*/data")


def _large_number(page: Page, _running: RunningApp) -> None:
    ProfilePage(page).link("Tampilkan besar untuk petugas").click()
    page.wait_for_url("**/besar")


def _members_card(page: Page, _running: RunningApp) -> None:
    page.goto("/kartu")
    page.locator(".list a[href^='/kartu/']").last.click()
    ProfilePage(page).link("Lihat nomor lengkap").click()
    page.get_by_role("heading", level=1, name="Kartu anggota keluarga").wait_for()
    page.wait_for_url("**/kartu/*/data")


def _members_data(page: Page, _running: RunningApp) -> None:
    page.goto("/peserta")
    page.locator(".list a[href^='/peserta/']").first.click()
    ProfilePage(page).link("Lihat data lengkap").click()
    page.wait_for_url("**/peserta/*/data")


def _closed_pin(page: Page, running: RunningApp) -> None:
    close_pins(running)
    page.goto("/profil/pin/buat")


def _signed_out_there(page: Page, running: RunningApp) -> None:
    open_elsewhere(running, running.identity(_PERSONA).nik)
    page.goto("/profil/perangkat")
    ProfilePage(page).button("Keluarkan Firefox di Windows").first.click()
    page.get_by_text("Sudah dikeluarkan").wait_for()


def _asked_again(page: Page, running: RunningApp) -> None:
    signed_in_for(running, minutes=25)
    page.goto("/profil/pin")
    page.wait_for_url("**/konfirmasi")


def _longest(page: Page, running: RunningApp) -> None:
    page.context.clear_cookies(name="jkn")
    sign_in(page, running.identity("name_of_60_letters"))
    page.goto("/profil")


STEPS: dict[str, Step] = {
    "p00-profil": _profile,
    "p01-ubah-kata-sandi": at("/profil/kata-sandi"),
    "p02-ubah-kata-sandi-empty": pressed("Simpan"),
    "p03-perangkat": at("/profil/perangkat"),
    "p04-buat-pin": at("/profil/pin/buat"),
    "p05-buat-pin-empty": pressed("Kirim kode"),
    "p06-pin-baru": _new_pin,
    "p07-pin-baru-empty": pressed("Simpan PIN"),
    "p08-profil-pin-made": _pin_made,
    "p09-ubah-pin": at("/profil/pin"),
    "p10-masukkan-pin": _asked_for_pin,
    "p11-masukkan-pin-wrong": _wrong_pin,
    "p12-profil-open": _looked,
    "p13-kartu-open": _own_card,
    "p13-kartu-open-large": _large_number,
    "p14-kartu-member-open": _members_card,
    "p14-peserta-open": _members_data,
    "p15-lupa-pin-closed": _closed_pin,
    "p16-profil-pin-closed": at("/profil"),
    "p17-perangkat-ended": _signed_out_there,
    "p18-konfirmasi": _asked_again,
    "p19-profil-longest-name": _longest,
}
