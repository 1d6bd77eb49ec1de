"""The pages of Daftar one by one: what they refuse, what they keep, and how they are operated."""

import re

from playwright.sync_api import Page, expect

from tests.support.pages.page_objects import HomePage
from tests.support.pages.registration_pages import (
    CHOSEN,
    NEW_PHONE,
    NEW_USER,
    RegistrationPages,
    claim_of,
    sms_to,
)
from tests.support.world.running_app import RunningApp

PERSONA = "registry_spouse"


def at_first_page(page: Page) -> RegistrationPages:
    return RegistrationPages(page).open().choose(NEW_USER)


def at_terms(page: Page, running: RunningApp) -> RegistrationPages:
    steps = at_first_page(page).claim(claim_of(running, PERSONA)).give_phone()
    expect(steps.heading).to_have_text("Syarat & ketentuan")
    return steps


# What is refused, and kept


def test_a_missing_tick_is_asked_for_where_it_is(page: Page, running: RunningApp) -> None:
    steps = at_terms(page, running)
    page.evaluate("() => { document.querySelector('.paper').isThatOfBefore = true }")
    steps.button("Selanjutnya").click()
    words = "Kesalahan: Centang Saya setuju untuk melanjutkan"
    expect(steps.tick).to_be_focused()
    expect(page.locator("#live")).to_have_text(words)
    expect(page.locator("#agreed-error")).to_have_text(words)
    expect(page.locator("#agreed-error")).to_be_visible()
    expect(steps.tick).to_have_accessible_description(words)
    expect(steps.tick).to_have_attribute("aria-invalid", "true")
    expect(page).to_have_title(re.compile("^Kesalahan: "))
    assert page.evaluate("() => document.querySelector('.paper').isThatOfBefore")
    steps.agree()


# Operating the pages


def test_the_keyboard_alone_is_enough_and_browsers_can_fill_in(
    page: Page, running: RunningApp
) -> None:
    """R07: every field has its label, and says what it is for."""
    steps, press, write = RegistrationPages(page), page.keyboard.press, page.keyboard.type
    page.goto("/daftar")
    steps.tab_to(page.get_by_role("link", name=re.compile(f"^{NEW_USER}")))
    press("Enter")
    expect(steps.heading).to_have_text("Isi data diri Anda")
    # Enter sends the form after the browser has proved its work.
    page.wait_for_load_state("load")
    hints = iter(("username", "name", "bday-day", "bday-month", "bday-year"))
    for label, text in claim_of(running, PERSONA).typed().items():
        expect(steps.tab_to(steps.field(label))).to_have_attribute("autocomplete", next(hints))
        write(text)
    press("Enter")
    expect(steps.heading).to_have_text("Berapa nomor HP Anda?")
    expect(number := steps.tab_to(steps.field("Nomor HP"))).to_have_attribute("autocomplete", "tel")
    expect(number).to_have_attribute("inputmode", "tel")
    write(NEW_PHONE)
    press("Enter")
    expect(steps.heading).to_have_text("Syarat & ketentuan")
    steps.tab_to(steps.tick)
    press("Space")
    expect(steps.tick).to_be_checked()
    steps.tab_to(steps.button("Selanjutnya"))
    press("Enter")
    expect(steps.tab_to(steps.code)).to_have_attribute("autocomplete", "one-time-code")
    write(sms_to(running, NEW_PHONE).code)
    press("Enter")
    expect(steps.heading).to_have_text("Buat kata sandi")
    for label in ("Kata sandi baru", "Ulangi kata sandi baru"):
        secret = steps.tab_to(steps.field(label))
        expect(secret).to_have_attribute("autocomplete", "new-password")
        write(CHOSEN)
    press("Enter")
    HomePage(page).expect_open(running.identity(PERSONA))
