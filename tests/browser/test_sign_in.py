"""Masuk on a phone: by NIK, by card number, with JavaScript and without, and what can go wrong."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Phone
from tests.support.clients.chromium import PHONE, HeldBack, box_of
from tests.support.pages.page_objects import HomePage, LandingPage, SignInPage
from tests.support.world.running_app import RunningApp

# Of the captcha, in pixels.
ONE_LINE = 64


@pytest.mark.with_and_without_js
def test_a_person_signs_in_by_nik(
    either_page: Page, running: RunningApp, request: pytest.FixtureRequest
) -> None:
    person = running.identity("ppu_active")
    form = LandingPage(either_page).open().to_sign_in()
    fits_on_the_first_screen(form)
    # Without JavaScript there is no button that does nothing.
    has_script = "without-js" not in request.node.name
    expect(form.button("Tampilkan")).to_be_visible(visible=has_script)
    home = form.sign_in(person)
    expect(home.card.first).to_contain_text("Aktif")
    expect(home.card.first).to_contain_text("0001 3406 4888 5")


def fits_on_the_first_screen(form: SignInPage) -> None:
    """The choice stands side by side, and MASUK is seen without scrolling, but for the picture of
    the captcha: once the number is checked by itself, one line stands for it."""
    assert len({box_of(form.page.locator(".choice").nth(it))["y"] for it in (0, 1)}) == 1
    button, captcha = box_of(form.button("MASUK")), box_of(form.captcha.whole)
    assert button["y"] + button["height"] - captcha["height"] + ONE_LINE <= PHONE["height"]


def test_a_new_picture_and_a_wrong_captcha_swap_only_the_captcha(
    page: Page, running: RunningApp
) -> None:
    person = running.identity("ppu_active")
    form = SignInPage(page).open()
    form.submit()
    expect(form.error_summary).to_be_focused()
    heading = form.heading.element_handle()
    form.fill(person.nik, person.password, captcha="")
    first_picture = form.captcha.picture.get_attribute("src") or ""
    form.link("Ganti gambar").click()
    expect(form.captcha.picture).not_to_have_attribute("src", first_picture)
    assert form.captcha.picture.evaluate("it => it.decode().then(() => it.naturalWidth)") == 200
    second_picture = form.captcha.picture.get_attribute("src") or ""
    form.captcha.digits.fill("54321")
    form.submit()
    expect(form.captcha.digits).to_have_attribute("aria-invalid", "true")
    expect(form.captcha.digits).to_be_focused()
    expect(form.captcha.digits).to_have_value("")
    expect(page.locator("#captcha_answer-error")).to_contain_text("Angka tidak cocok")
    expect(page.locator("#live")).to_contain_text("Angka tidak cocok")
    expect(form.captcha.picture).not_to_have_attribute("src", second_picture)
    # What was said of the fields before is gone.
    expect(page.locator("#error-summary")).to_have_count(0)
    for field, text in ((form.number, person.nik), (form.password, person.password)):
        expect(field).to_have_value(text)
        expect(field).not_to_have_attribute("aria-invalid", "true")
    # The very same element: nothing around the captcha was replaced.
    assert heading is not None
    assert heading.evaluate("it => it.isConnected")
    assert page.url.endswith("/masuk")
    form.captcha.digits.fill("12345")
    form.submit()
    HomePage(page).expect_open(person)


def test_the_focus_goes_to_the_error_summary_and_by_its_links_to_the_fields(page: Page) -> None:
    form = SignInPage(page).open().fill("", "", captcha="")
    form.submit()
    expect(form.error_summary).to_be_focused()
    links = form.error_summary.get_by_role("link")
    expect(links).to_have_text(["Masukkan NIK", "Masukkan kata sandi", "Ketik 5 angka di gambar"])
    links.nth(1).click()
    expect(form.password).to_be_focused()


def test_a_password_can_be_pasted_shown_and_hidden_again(page: Page, running: RunningApp) -> None:
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
    expect(form.password).to_have_attribute("type", "password")
    form.button("Tampilkan").click()
    expect(form.password).to_have_attribute("type", "text")
    form.button("Sembunyikan").click()
    expect(form.password).to_have_attribute("type", "password")
    expect(form.password).to_have_value(person.password)


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
