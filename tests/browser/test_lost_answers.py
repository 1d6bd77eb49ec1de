"""A form whose answer got lost on the way: the person is told, nothing typed is gone, and the same
button leads on (security.md R93, R116)."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Phone
from tests.support.clients.tunnel import Loss, answers_lost, network_gone, proxy_gives_up
from tests.support.pages.page_objects import HomePage, RecoveryPages, SignInPage, sign_in
from tests.support.pages.passkey_pages import AGREE, BiometricsPages, with_lock
from tests.support.pages.registration_pages import (
    CHOSEN,
)
from tests.support.world.recovery_world import newest_message
from tests.support.world.running_app import Identity, RunningApp

pytestmark = pytest.mark.service_worker

NO_NETWORK = (
    "Tidak ada sambungan internet. Isian Anda masih ada. Coba lagi. Ada kesulitan? Hubungi 165"
)
PROXY = "Ada masalah di sistem kami. Isian Anda masih ada. Coba lagi. Ada kesulitan? Hubungi 165"


@pytest.fixture
def person(running: RunningApp) -> Identity:
    return running.identity("ppu_active")


def twice(page: Page, button: str, loss: Loss = network_gone) -> None:
    """Tap the button; the answer gets lost, the page says so, and the button is tapped again."""
    with answers_lost(page, loss) as lost:
        page.get_by_role("button", name=button, exact=True).click()
        said = NO_NETWORK if loss is network_gone else PROXY
        expect(page.get_by_role("alert").first).to_have_text(said)
    assert lost in ([204], [303]), "the server led on"
    page.get_by_role("button", name=button, exact=True).click()


def reloaded(page: Page, button: str) -> None:
    """The same without JavaScript, where the browser's own page says it, and sends again."""
    with answers_lost(page) as lost:
        page.get_by_role("button", name=button, exact=True).click()
        expect(page).to_have_url(re.compile("^chrome-error:"))
    assert lost == [303], "the server led on"
    page.reload()


def test_recovery(page: Page, running: RunningApp, person: Identity) -> None:
    steps = RecoveryPages(page).open().begin(person.nik).choose("SMS")
    steps.code.fill(newest_message(running, "sms").code)
    twice(page, "Lanjut")
    expect(steps.heading).to_have_text("Buat kata sandi baru")
    page.get_by_label("Kata sandi baru", exact=True).fill(CHOSEN)
    twice(page, "Simpan kata sandi baru", proxy_gives_up)
    SignInPage(page).expect_known(person)


def test_enrolment(page: Page, person: Identity) -> None:
    lock = with_lock(page)
    sign_in(page, person)
    pages = BiometricsPages(page).begin()
    page.get_by_label(AGREE).check()
    page.get_by_label("Kata sandi akun", exact=True).fill(person.password)
    twice(page, "Lanjut")
    expect(pages.heading).to_have_text("Daftarkan HP ini")
    with lock.in_hand(), answers_lost(page, only="**/daftarkan") as lost:
        pages.make()
        expect(page.get_by_role("alert").first).to_have_text(NO_NETWORK)
    assert lost == [204]
    # Nobody is asked for the finger again: what the phone has signed is sent once more.
    pages.make().expect_on()
    assert len(lock.keys.credentials()) == 1


def test_sign_in(page: Page, person: Identity) -> None:
    SignInPage(page).open().fill(person.nik, person.password)
    twice(page, "MASUK")
    HomePage(page).expect_open(person)


def test_without_javascript(new_phone: Phone, running: RunningApp, person: Identity) -> None:
    page = new_phone(java_script_enabled=False).new_page()
    steps = RecoveryPages(page).open().begin(person.nik).choose("SMS")
    code = newest_message(running, "sms").code
    steps.code.fill(code)
    with answers_lost(page):
        steps.next()
        expect(page).to_have_url(re.compile("^chrome-error:"))
    # Who goes back or reloads types the code again.
    page.go_back()
    expect(steps.heading).to_have_text("Masukkan kode dari SMS")
    page.reload()
    steps.code.fill(code)
    reloaded(page, "Lanjut")
    expect(steps.heading).to_have_text("Buat kata sandi baru")
