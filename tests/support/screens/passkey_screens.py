"""The pages of Login dengan Biometrik, as `make screenshots` opens them."""

from playwright.sync_api import Page
from sqlalchemy import select

from jkn.database import session, transaction
from jkn.models import Account, Passkey
from jkn.services.basics import clock
from tests.support.pages.page_objects import SignOutPage
from tests.support.pages.passkey_pages import (
    BiometricsPages,
    FingerprintSignInPage,
    Lock,
    forget_passkeys,
    with_lock,
)
from tests.support.pages.profile_pages import ProfilePage, forget_pins, signed_in_for
from tests.support.screens.screens import Step, at, pressed
from tests.support.world.app_database import database_of
from tests.support.world.running_app import RunningApp

_PERSONA = "ppu_active"
_LIST = "/profil/biometrik"
_ANDROID = (
    "Mozilla/5.0 (Linux; Android 13; SM-A135F) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/120.0.0.0 Mobile Safari/537.36"
)
_WINDOWS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/120.0.0.0 Safari/537.36"
)
_GOOGLE = "ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4"
_LONG_NAME = "HP Samsung kerja milik ibu di Purwokerto"
# The lock of each phone, which it keeps from one picture to the next.
_locks: dict[Page, Lock] = {}


def _lock(page: Page) -> Lock:
    if page not in _locks:
        _locks[page] = with_lock(page)
    return _locks[page]


def _begin_anew(page: Page, running: RunningApp) -> None:
    forget_passkeys(running)
    forget_pins(running)
    for name in ("jkn", "hp"):
        page.context.clear_cookies(name=name)


def _sign_in(page: Page, running: RunningApp) -> None:
    FingerprintSignInPage(page).open().sign_in(running.identity(_PERSONA))


def _offered(page: Page, running: RunningApp) -> None:
    _begin_anew(page, running)
    _lock(page)
    _sign_in(page, running)
    page.context.clear_cookies(name="jkn")
    _sign_in(page, running)


def _first_of_masuk(page: Page, running: RunningApp) -> None:
    _begin_anew(page, running)
    _lock(page)
    FingerprintSignInPage(page).open()


def _begin(page: Page, running: RunningApp) -> None:
    _begin_anew(page, running)
    _sign_in(page, running)
    page.goto(f"{_LIST}/nyalakan")


def _agreed_to_nothing(page: Page, running: RunningApp) -> None:
    if _has_script(page):
        pressed()(page, running)


def _without_lock(page: Page, _running: RunningApp) -> None:
    if page in _locks:
        _locks.pop(page).keys.take_away()
    page.goto(f"{_LIST}/nyalakan")


def _create(page: Page, running: RunningApp) -> None:
    _lock(page)
    page.goto(f"{_LIST}/nyalakan")
    if _has_script(page):
        BiometricsPages(page).agree(running.identity(_PERSONA))


def _turned_back(page: Page, _running: RunningApp) -> None:
    if _has_script(page):
        with _lock(page).in_hand(recognises=False):
            BiometricsPages(page).make()
            page.get_by_text("Belum jadi.").wait_for()


def _on(page: Page, _running: RunningApp) -> None:
    if _has_script(page):
        with _lock(page).in_hand():
            BiometricsPages(page).make().expect_on()


def _devices(page: Page, running: RunningApp) -> None:
    """With three more keys: without JavaScript, where none is made, the list is there, too."""
    nik = running.identity(_PERSONA).nik
    with database_of(running), transaction():
        owner = next(it for it in session.scalars(select(Account)) if it.nik == nik)
        for number, (agent, name, keeper) in enumerate(
            ((_ANDROID, _LONG_NAME, _GOOGLE), (_WINDOWS, None, ""), (_ANDROID, None, _GOOGLE))
        ):
            session.add(
                Passkey(
                    account_id=owner.id,
                    credential_id=bytes([number]) * 16,
                    public_key=b"",
                    sign_count=0,
                    is_backup_eligible=True,
                    is_backed_up=True,
                    transports="internal",
                    aaguid=keeper,
                    user_agent=agent,
                    name=name,
                    created_at=clock.now(),
                    last_used_at=clock.now() if number else None,
                )
            )
    page.goto(_LIST)


def _rename(page: Page, _running: RunningApp) -> None:
    page.goto(_LIST)
    page.get_by_role("link", name="Ubah nama").last.click()
    page.get_by_label("Nama HP").wait_for()


def _remove(page: Page, _running: RunningApp) -> None:
    page.goto(_LIST)
    page.get_by_role("link", name="Hapus").last.click()
    page.get_by_role("button", name="Hapus perangkat").wait_for()


def _too_long(page: Page, _running: RunningApp) -> None:
    page.get_by_label("Nama HP").fill(_LONG_NAME + " dan di rumah")
    page.get_by_role("button", name="Simpan nama").click()
    page.locator("[aria-invalid=true]").first.wait_for()


def _unlock(page: Page, _running: RunningApp) -> None:
    page.goto("/profil")
    if ProfilePage(page).link("Lihat").count():
        ProfilePage(page).link("Lihat").click()
    page.wait_for_url("**/profil/pin/b*")


def _confirm(page: Page, running: RunningApp) -> None:
    signed_in_for(running, minutes=25)
    page.goto("/profil/pin")
    page.wait_for_url("**/konfirmasi")


def _masuk(page: Page, _running: RunningApp) -> None:
    page.goto("/keluar")
    SignOutPage(page).agree()
    FingerprintSignInPage(page).open()


def _masuk_not_recognised(page: Page, _running: RunningApp) -> None:
    form = FingerprintSignInPage(page).open()
    if _has_script(page):
        with _lock(page).in_hand(recognises=False):
            form.use()
            page.get_by_text("Belum jadi.").wait_for()


def _masuk_refused(page: Page, running: RunningApp) -> None:
    forget_passkeys(running)
    form = FingerprintSignInPage(page).open()
    if _has_script(page):
        with _lock(page).in_hand():
            form.use()
            form.refused.wait_for()


def _has_script(page: Page) -> bool:
    return bool(page.evaluate("typeof window.htmx") == "object")


STEPS: dict[str, Step] = {
    "k00-masuk-first-time": _first_of_masuk,
    "k01-beranda-offer": _offered,
    "k02-nyalakan": _begin,
    "k03-nyalakan-empty": _agreed_to_nothing,
    "k04-nyalakan-no-lock": _without_lock,
    "k05-daftarkan": _create,
    "k06-daftarkan-turned-back": _turned_back,
    "k07-profil-on": _on,
    "k08-perangkat-biometrik": _devices,
    "k09-ubah-nama": _rename,
    "k10-ubah-nama-too-long": _too_long,
    "k10b-hapus": _remove,
    "k11-buka-data": _unlock,
    "k12-konfirmasi": _confirm,
    "k13-keluar": at("/keluar"),
    "k14-masuk-known": _masuk,
    "k15-masuk-not-recognised": _masuk_not_recognised,
    "k15b-landing-known": at("/"),
    "k16-masuk-refused": _masuk_refused,
}
