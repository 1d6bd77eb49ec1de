"""Profil walked in a real browser: its journeys without JavaScript, and what only scripts do."""

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.conftest import Phone
from tests.support.pages.page_objects import SignInPage, sign_in
from tests.support.pages.profile_pages import (
    OTHER_PIN,
    PIN,
    ProfilePage,
)
from tests.support.world.running_app import Identity, RunningApp

PERSON = "ppu_active"
NEW_PASSWORD = "teh manis di beranda"


@pytest.fixture
def person(running: RunningApp) -> Identity:
    """Somebody without a PIN."""
    return running.identity(PERSON)


@pytest.fixture
def plain_page(new_phone: Phone) -> Page:
    """Without JavaScript. With it test_journeys.py walks the same."""
    return new_phone(java_script_enabled=False).new_page()


def make_pin(page: Page, running: RunningApp, person: Identity) -> ProfilePage:
    profile = ProfilePage(page)
    profile.row("Buat PIN").click()
    profile.to_new_pin(running, person.password)
    profile.set_pin(PIN)
    expect(page.get_by_text("PIN berhasil dibuat")).to_be_visible()
    return profile


def with_pin(page: Page, running: RunningApp, person: Identity) -> ProfilePage:
    sign_in(page, person)
    ProfilePage(page).open()
    return make_pin(page, running, person)


def sign_in_again(page: Page, person: Identity) -> None:
    page.context.clear_cookies(name="jkn")
    sign_in(page, person)


def test_a_pin_is_made_asked_for_and_changed(
    plain_page: Page, running: RunningApp, person: Identity
) -> None:
    page = plain_page
    sign_in(page, person)
    profile = ProfilePage(page).open()
    expect(profile.person).not_to_contain_text(person.nik[4:12])
    make_pin(page, running, person)
    sign_in_again(page, person)
    profile.open().link("Lihat").click()
    profile.give_pin("PIN", OTHER_PIN, "Buka")
    expect(profile.error_summary).to_contain_text("Anda bisa mencoba 9 kali lagi")
    profile.give_pin("PIN", PIN, "Buka")
    page.wait_for_url("**/profil/data")
    grouped = " ".join(person.nik[start : start + 4] for start in range(0, 16, 4))
    expect(profile.person).to_contain_text(grouped)
    profile.link("Sembunyikan").click()
    expect(profile.person).not_to_contain_text(grouped)
    profile.row("Ubah PIN").click()
    profile.give_pin("PIN saat ini", PIN, "Verifikasi")
    page.wait_for_url("**/profil/pin/baru")
    profile.set_pin("123456")
    expect(profile.error_summary).to_contain_text("mudah ditebak")
    profile.set_pin(OTHER_PIN)
    expect(page.get_by_text("PIN berhasil diperbarui")).to_be_visible()
    page.goto("/notifikasi")
    expect(page.get_by_text("PIN baru sudah berlaku").first).to_be_visible()


def test_one_browser_ends_another(plain_page: Page, new_phone: Phone, person: Identity) -> None:
    other: BrowserContext = new_phone()
    elsewhere = other.new_page()
    sign_in(elsewhere, person)
    page = plain_page
    sign_in(page, person)
    profile = ProfilePage(page).open()
    profile.row("Perangkat & sesi").click()
    expect(profile.heading).to_have_text("Perangkat & sesi")
    expect(page.get_by_text("Anda di sini")).to_have_count(1)
    profile.button("Keluarkan semua yang lain").click()
    expect(page.get_by_text("Sudah dikeluarkan")).to_be_visible()
    expect(page.get_by_text("Terakhir dipakai")).to_have_count(1)
    elsewhere.goto("/beranda")
    expect(SignInPage(elsewhere).heading).to_have_text("Masuk")
    expect(elsewhere.get_by_text("Akun Anda keluar otomatis")).to_be_visible()
    page.goto("/beranda")
    expect(profile.heading).to_contain_text(person.name)


def test_one_tap_copies_the_number_and_one_shows_it_large(
    page: Page, running: RunningApp, person: Identity
) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    sign_in(page, person)
    page.goto("/kartu")
    page.get_by_role("button", name="Salin nomor kartu").click()
    expect(page.get_by_role("button", name="Nomor kartu sudah disalin")).to_be_focused()
    expect(page.locator("#live")).to_have_text("Nomor kartu sudah disalin")
    assert page.evaluate("navigator.clipboard.readText()") == person.card_number
    ProfilePage(page).link("Tampilkan besar untuk petugas").click()
    number = page.get_by_text(person.card_number[:4])
    size = "it => parseFloat(getComputedStyle(it).fontSize)"
    assert number.evaluate(size) > 1.5 * page.get_by_role("heading").evaluate(size)
    ProfilePage(page).link("Kembali").click()
    page.wait_for_url("**/kartu")


def test_what_the_pin_opened_does_not_outlast_the_sleep_of_a_phone(
    page: Page, running: RunningApp, person: Identity
) -> None:
    profile = with_pin(page, running, person)
    # Timers stand still while a phone sleeps, that of the Refresh header, too.
    page.route("**/profil/data", without_refresh)
    page.goto("/profil/data")
    expect(page.get_by_text("Terbuka sampai")).to_be_visible()
    wakes = "document.dispatchEvent(new Event('visibilitychange'))"
    page.evaluate(wakes)
    assert page.evaluate("document.documentElement.hidden") is False
    loaded_at = page.evaluate("performance.timeOrigin")
    page.evaluate(f"Date.now = ((now) => () => now() + 600000)(Date.now); {wakes}")
    page.wait_for_function("at => performance.timeOrigin !== at", arg=loaded_at)
    expect(profile.heading).to_be_visible()


def without_refresh(route: Route) -> None:
    answer = route.fetch()
    headers = {name: it for name, it in answer.headers.items() if name != "refresh"}
    route.fulfill(response=answer, headers=headers)


def test_the_buttons_that_show_what_was_typed_are_told_apart(page: Page, person: Identity) -> None:
    sign_in(page, person)
    page.goto("/profil/kata-sandi")
    form = ProfilePage(page)
    fields = ("Kata sandi lama", "Kata sandi baru", "Ulangi kata sandi baru")
    for field in fields:
        expect(form.button(f"Tampilkan {field}")).to_have_text(f"Tampilkan {field}")
    form.button("Tampilkan Kata sandi baru").click()
    expect(form.button("Sembunyikan Kata sandi baru")).to_have_count(1)
    types = [page.get_by_label(it, exact=True).get_attribute("type") for it in fields]
    assert types == ["password", "text", "password"]
    form.button("Sembunyikan Kata sandi baru").click()
    expect(form.button("Tampilkan Kata sandi baru")).to_have_count(1)


def test_a_changed_password_signs_everybody_out(
    plain_page: Page, new_phone: Phone, person: Identity
) -> None:
    page = plain_page
    elsewhere = new_phone().new_page()
    sign_in(elsewhere, person)
    sign_in(page, person)
    profile = ProfilePage(page).open()
    profile.row("Ubah Kata Sandi").click()
    profile.change_password(person.password, person.nik)
    expect(profile.error_summary).to_contain_text("memuat NIK")
    profile.change_password(person.password, NEW_PASSWORD, captcha="54321")
    expect(page.locator("#captcha")).to_contain_text("Angka tidak cocok")
    profile.change_password(person.password, NEW_PASSWORD)
    expect(SignInPage(page).heading).to_have_text("Masuk")
    expect(page.get_by_text("Kata sandi baru sudah tersimpan")).to_be_visible()
    elsewhere.goto("/beranda")
    expect(SignInPage(elsewhere).heading).to_have_text("Masuk")
    SignInPage(page).fill(person.nik, NEW_PASSWORD).submit()
    page.wait_for_url("**/beranda")
