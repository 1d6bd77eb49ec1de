"""Masuk on a phone: by NIK, by card number, with JavaScript and without, and what can go wrong."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Phone
from tests.support.clients.chromium import PHONE, HeldBack
from tests.support.pages.page_objects import HomePage, LandingPage, SignInPage
from tests.support.world.running_app import RunningApp

# Of the captcha, in pixels.
ONE_LINE = 64
REFUSED = "Nomor atau kata sandi tidak cocok. Periksa keduanya"


@pytest.mark.with_and_without_js
def test_a_person_signs_in_by_nik(either_page: Page, running: RunningApp) -> None:
    person = running.identity("ppu_active")
    form = LandingPage(either_page).open().to_sign_in()
    fits_on_the_first_screen(form)
    home = form.sign_in(person)
    expect(home.card.first).to_contain_text("Aktif")
    expect(home.card.first).to_contain_text("0001 3406 4888 5")


def fits_on_the_first_screen(form: SignInPage) -> None:
    """The choice stands side by side, and MASUK is seen without scrolling, but for the picture of
    the captcha: once the number is checked by itself, one line stands for it."""
    kinds = [form.page.locator(".choice").nth(it).bounding_box() for it in (0, 1)]
    assert len({it["y"] for it in kinds if it}) == 1
    button, captcha = (it.bounding_box() for it in (form.button("MASUK"), form.captcha.whole))
    assert button
    assert captcha
    assert button["y"] + button["height"] - captcha["height"] + ONE_LINE <= PHONE["height"]


def test_a_person_signs_in_by_card_number(either_page: Page, running: RunningApp) -> None:
    person = running.identity("pbpu_14_months")
    form = SignInPage(either_page).open()
    form.choose("Nomor kartu")
    form.fill(person.card_number, person.password).submit()
    HomePage(either_page).expect_open(person)


def test_the_length_corrects_the_choice(either_page: Page, running: RunningApp) -> None:
    person = running.identity("ppu_active")
    form = SignInPage(either_page).open()
    expect(either_page.get_by_role("radio", name="NIK")).to_be_checked()
    spaced = " ".join(person.card_number[start : start + 4] for start in range(0, 13, 4))
    form.fill(spaced, person.password).submit()
    HomePage(either_page).expect_open(person)


def test_a_wrong_captcha_swaps_only_the_captcha(page: Page, running: RunningApp) -> None:
    person = running.identity("ppu_active")
    form = SignInPage(page).open()
    heading = form.heading.element_handle()
    form.fill(person.nik, person.password, captcha="54321")
    old_picture = form.captcha.picture.get_attribute("src")
    form.submit()
    expect(form.captcha.digits).to_have_attribute("aria-invalid", "true")
    expect(form.captcha.digits).to_be_focused()
    expect(form.captcha.digits).to_have_value("")
    expect(page.locator("#captcha_answer-error")).to_contain_text("Angka tidak cocok")
    assert form.captcha.picture.get_attribute("src") != old_picture
    expect(form.number).to_have_value(person.nik)
    expect(form.password).to_have_value(person.password)
    # The very same element: nothing around the captcha was replaced.
    assert heading is not None
    assert heading.evaluate("it => it.isConnected")
    assert page.url.endswith("/masuk")
    form.captcha.digits.fill("12345")
    form.submit()
    HomePage(page).expect_open(person)


def test_a_wrong_captcha_without_javascript_keeps_the_number(
    new_phone: Phone, running: RunningApp
) -> None:
    page = new_phone(java_script_enabled=False).new_page()
    person = running.identity("ppu_active")
    form = SignInPage(page).open()
    form.fill(person.nik, person.password, captcha="54321").submit()
    expect(form.error_summary).to_contain_text("Angka tidak cocok")
    expect(form.number).to_have_value(person.nik)
    expect(form.password).to_have_value("")
    form.fill(person.nik, person.password).submit()
    HomePage(page).expect_open(person)


@pytest.mark.parametrize("who", ["ppu_active", "unknown_person"])
def test_a_wrong_password_and_an_unknown_person_get_the_same_words(
    either_page: Page, running: RunningApp, who: str
) -> None:
    person = running.identity(who)
    form = SignInPage(either_page).open()
    form.fill(person.nik, "bukan kata sandi ini").submit()
    expect(form.error_summary).to_contain_text(REFUSED)
    expect(either_page).to_have_title("Kesalahan: Masuk – Mobile JKN")
    expect(form.number).to_have_value(person.nik)
    expect(form.password).to_have_value("")
    expect(form.captcha.digits).to_have_value("")
    expect(form.number).to_have_attribute("aria-invalid", "true")


def test_an_empty_form_says_what_is_missing(either_page: Page) -> None:
    form = SignInPage(either_page).open().fill("", "", captcha="")
    form.submit()
    links = form.error_summary.get_by_role("link")
    expect(links).to_have_text(["Masukkan NIK", "Masukkan kata sandi", "Ketik 5 angka di gambar"])
    links.nth(1).click()
    expect(form.password).to_be_focused()


def test_the_focus_goes_to_the_error_summary(page: Page) -> None:
    form = SignInPage(page).open()
    form.submit()
    expect(form.error_summary).to_be_focused()


def test_a_new_picture_keeps_what_was_typed(page: Page, running: RunningApp) -> None:
    person = running.identity("ppu_active")
    form = SignInPage(page).open().fill(person.nik, person.password, captcha="")
    old_picture = form.captcha.picture.get_attribute("src")
    form.link("Ganti gambar").click()
    expect(form.captcha.picture).not_to_have_attribute("src", old_picture or "")
    assert form.captcha.picture.evaluate("it => it.decode().then(() => it.naturalWidth)") == 200
    expect(form.number).to_have_value(person.nik)
    expect(form.password).to_have_value(person.password)
    form.captcha.digits.fill("12345")
    form.submit()
    HomePage(page).expect_open(person)


def test_a_new_picture_works_without_javascript(new_phone: Phone) -> None:
    page = new_phone(java_script_enabled=False).new_page()
    form = SignInPage(page).open()
    old_picture = form.captcha.picture.get_attribute("src")
    form.link("Ganti gambar").click()
    expect(form.captcha.picture).not_to_have_attribute("src", old_picture or "")
    expect(form.heading).to_have_text("Masuk")


def test_the_password_can_be_shown_and_is_hidden_again_when_sent(page: Page) -> None:
    form = SignInPage(page).open()
    form.password.fill("payung teduh pagi")
    expect(form.password).to_have_attribute("type", "password")
    form.button("Tampilkan").click()
    expect(form.password).to_have_attribute("type", "text")
    form.button("Sembunyikan").click()
    expect(form.password).to_have_attribute("type", "password")
    expect(form.password).to_have_value("payung teduh pagi")


def test_without_javascript_there_is_no_button_that_does_nothing(new_phone: Phone) -> None:
    page = new_phone(java_script_enabled=False).new_page()
    form = SignInPage(page).open()
    expect(form.password).to_be_visible()
    expect(form.button("Tampilkan")).to_be_hidden()


def test_a_password_can_be_pasted(page: Page, running: RunningApp) -> None:
    person = running.identity("ppu_active")
    form = SignInPage(page).open()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    for field, text in ((form.number, person.nik), (form.password, person.password)):
        page.evaluate("text => navigator.clipboard.writeText(text)", text)
        field.focus()
        page.keyboard.press("Control+V")
        expect(field).to_have_value(text)
    expect(form.number).to_have_attribute("autocomplete", "username webauthn")
    expect(form.password).to_have_attribute("autocomplete", "current-password")


def test_a_slow_answer_shows_at_once_that_something_happens(
    page: Page, running: RunningApp
) -> None:
    person = running.identity("ppu_active")
    form = SignInPage(page).open().fill(person.nik, person.password)
    asked = HeldBack(page, "**/masuk")
    form.submit()
    expect(page.get_by_role("button", name="Memeriksa…")).to_be_disabled()
    asked.first().continue_()
    HomePage(page).expect_open(person)
    assert asked.count == 1


def test_after_signing_in_the_back_button_leads_past_masuk(page: Page, running: RunningApp) -> None:
    person = running.identity("ppu_active")
    page.goto("/bantuan")
    SignInPage(page).open().sign_in(person)
    page.go_back()
    page.wait_for_url("**/bantuan")
    page.go_forward()
    HomePage(page).expect_open(person)


def test_without_javascript_the_back_button_leads_to_beranda_not_to_the_form(
    new_phone: Phone, running: RunningApp
) -> None:
    page = new_phone(java_script_enabled=False).new_page()
    person = running.identity("ppu_active")
    SignInPage(page).open().sign_in(person)
    page.go_back()
    HomePage(page).expect_open(person)
