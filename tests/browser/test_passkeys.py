"""Login dengan Biometrik on a phone: from the switch to a sign-in with nothing typed, on several
phones, and back; with Chromium's own ceremonies and keys."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Phone
from tests.support.clients.chromium import box_of
from tests.support.pages.page_objects import HomePage, LandingPage
from tests.support.pages.passkey_pages import (
    USE,
    BiometricsPages,
    FingerprintSignInPage,
    Lock,
    asked_of_phone,
    enrolled_and_left,
    forget_passkeys,
    leave,
    sign_in_with_password,
    tapping_only,
    with_lock,
)
from tests.support.pages.profile_pages import ProfilePage, signed_in_for
from tests.support.world.running_app import Identity, RunningApp

NONE_HERE = "Belum jadi. Sidik jari belum menyala? Masuk dulu dengan kata sandi."
CANCELLED = "Belum jadi. Tidak ada yang berubah. Coba lagi, atau pakai cara lain."
NOT_YOURS = "Belum ada akun dengan sidik jari HP ini. Pakai cara lain"


@pytest.fixture
def person(running: RunningApp) -> Identity:
    return running.identity("ppu_active")


@pytest.fixture
def lock(page: Page) -> Lock:
    """A keyboard that asks too could be answered in place of the tap."""
    return tapping_only(page)


def test_the_button_signs_in_with_nothing_typed(
    page: Page, running: RunningApp, person: Identity, lock: Lock
) -> None:
    form = enrolled_and_left(page, person, lock)
    for field in (form.number, form.password, form.captcha.digits):
        expect(field).to_have_value("")
    with lock.in_hand():
        form.use()
        HomePage(page).expect_open(person)
    leave(page)
    from_the_icon_by_one_tap(page, person, lock)
    leave(page)
    problems_on_the_first_page_are_said_there(page, running, lock)


def from_the_icon_by_one_tap(page: Page, person: Identity, lock: Lock) -> None:
    """The first page carries the button, above *Masuk*, and asks the phone for nothing before the
    tap."""
    landing = FingerprintSignInPage(LandingPage(page).open().page)
    expect(landing.button(USE)).to_be_visible()
    assert asked_of_phone(page) == []
    tops = [box_of(it)["y"] for it in (landing.button(USE), landing.link("Masuk"))]
    assert tops == sorted(tops)
    with lock.in_hand():
        landing.use()
        HomePage(page).expect_open(person)


def problems_on_the_first_page_are_said_there(page: Page, running: RunningApp, lock: Lock) -> None:
    landing = FingerprintSignInPage(LandingPage(page).open().page)
    with lock.in_hand(recognises=False):
        landing.use()
        expect(landing.said).to_have_text(CANCELLED)
    # The page was opened while the phone's key was known; now the server refuses it.
    forget_passkeys(running)
    with lock.in_hand():
        landing.use()
        expect(landing.refused).to_contain_text(NOT_YOURS)
    expect(landing.button(USE)).to_be_focused()
    expect(page).to_have_title(re.compile("^Kesalahan: Selamat datang"))
    expect(page).to_have_url(re.compile("://[^/]+/$"))


def test_the_keyboard_offers_it_and_nothing_is_tapped(page: Page, person: Identity) -> None:
    lock = with_lock(page)
    sign_in_with_password(page, person)
    BiometricsPages(page).enrol(person, lock)
    with lock.in_hand():
        leave(page)
        HomePage(page).expect_open(person)


def test_a_person_who_is_not_recognised_loses_nothing_and_needs_only_the_keyboard(
    page: Page, running: RunningApp, person: Identity, lock: Lock
) -> None:
    form = enrolled_and_left(page, person, lock)
    form.number.fill(person.nik)
    form.password.fill(person.password)
    page.evaluate("() => document.activeElement.blur()")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.id") == "passkey-button":
            break
    expect(form.button(USE)).to_be_focused()
    with lock.in_hand(recognises=False):
        page.keyboard.press("Enter")
        expect(form.said).to_have_text(CANCELLED)
    expect(form.button(USE)).to_be_enabled()
    expect(form.button(USE)).to_be_focused()
    expect(form.number).to_have_value(person.nik)
    expect(form.password).to_have_value(person.password)
    assert len(lock.keys.credentials()) == 1
    forget_passkeys(running)
    with lock.in_hand():
        page.keyboard.press("Space")
        # The key was removed: the server says so, and this part of the page is replaced.
        expect(form.refused).to_contain_text(NOT_YOURS)
        expect(form.button(USE)).to_be_focused()
        expect(page).to_have_title(re.compile("^Kesalahan: Masuk"))
    # What was said of the fingerprint goes with the next answer.
    form.number.fill("12345")
    form.submit()
    form.error_summary.wait_for()
    expect(form.refused).to_have_count(0)
    expect(form.error_summary).to_be_focused()
    form.sign_in(person)


def test_each_phone_is_listed_and_may_be_named_and_removed(
    page: Page, new_phone: Phone, person: Identity, lock: Lock
) -> None:
    sign_in_with_password(page, person)
    mine = BiometricsPages(page).enrol(person, lock)
    other = new_phone().new_page()
    other_lock = with_lock(other)
    sign_in_with_password(other, person)
    theirs = BiometricsPages(other).enrol(person, other_lock).to_list()
    expect(theirs.phones).to_have_count(2)
    # Each phone comes first on its own list.
    expect(theirs.phones.first).to_contain_text("HP ini")
    expect(theirs.here).to_have_count(1)
    theirs.phones.last.get_by_role("link", name="Ubah nama").click()
    other.get_by_label("Nama HP").fill("HP lama Ibu")
    theirs.button("Simpan nama").click()
    expect(other.get_by_role("status").first).to_contain_text("Nama sudah tersimpan")
    mine.to_list()
    expect(mine.here).to_contain_text("HP lama Ibu")
    other.get_by_role("link", name="Hapus HP lama Ibu").click()
    theirs.button("Hapus perangkat").click()
    expect(other.get_by_role("status").first).to_contain_text("Sudah dihapus")
    expect(theirs.phones).to_have_count(1)
    theirs.ids_signalled(other_lock, *other_lock.keys.credentials())
    # The removed phone learns it when the key is used next, and forgets the key.
    form = leave(page)
    expect(form.button(USE)).to_be_visible()
    with lock.in_hand():
        form.use()
        expect(form.refused).to_contain_text(NOT_YOURS)
        mine.ids_signalled(lock)
        form.use()
        expect(form.said).to_have_text(NONE_HERE)
    form.sign_in(person)


def test_off_means_gone(page: Page, person: Identity, lock: Lock) -> None:
    sign_in_with_password(page, person)
    pages = BiometricsPages(page).enrol(person, lock)
    pages.switch.click()
    expect(pages.switch).to_contain_text("Mati")
    expect(pages.switch).not_to_be_checked()
    expect(pages.switch).to_be_focused()
    expect(ProfilePage(page).row("Perangkat biometrik")).to_have_count(0)
    pages.ids_signalled(lock)
    form = leave(page)
    with lock.in_hand():
        form.use()
        expect(form.said).to_have_text(NONE_HERE)


def test_a_person_who_turns_back_while_enrolling_may_try_again_and_has_one_key(
    page: Page, person: Identity, lock: Lock
) -> None:
    sign_in_with_password(page, person)
    pages = BiometricsPages(page).begin().agree(person)
    with lock.in_hand(recognises=False):
        pages.make()
        expect(page.get_by_role("status").last).to_have_text(CANCELLED)
    assert lock.keys.credentials() == []
    with lock.in_hand():
        pages.make().expect_on()
    # A phone that lost its cookies has its key already.
    page.context.clear_cookies()
    sign_in_with_password(page, person)
    pages.begin().agree(person)
    with lock.in_hand():
        pages.make()
        expect(page.get_by_role("status").last).to_have_text(
            "HP ini sudah terdaftar. Masuk sekali dengan sidik jari, lalu tombol menyala."
        )
    assert len(lock.keys.credentials()) == 1


def test_it_opens_what_the_pin_locks_and_stands_for_the_password(
    page: Page, running: RunningApp, person: Identity, lock: Lock
) -> None:
    sign_in_with_password(page, person)
    pages = BiometricsPages(page).enrol(person, lock)
    ProfilePage(page).link("Lihat").click()
    page.wait_for_url("**/profil/pin/buka")
    with lock.in_hand(recognises=False):
        FingerprintSignInPage(page).use()
        expect(page.get_by_role("status").last).to_have_text(CANCELLED)
    with lock.in_hand():
        FingerprintSignInPage(page).use()
        page.wait_for_url("**/profil/data")
    expect(ProfilePage(page).person).to_contain_text("Terbuka sampai")
    signed_in_for(running, minutes=25)
    pages.to_profile().switch.click()
    page.wait_for_url("**/konfirmasi")
    with lock.in_hand():
        FingerprintSignInPage(page).use()
        page.wait_for_url("**/profil")
    expect(page.get_by_role("status").first).to_contain_text("Belum ada yang berubah")
    expect(pages.switch).to_be_checked()
    pages.switch.click()
    expect(pages.switch).to_contain_text("Mati")
