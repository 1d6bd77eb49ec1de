"""Back, on the forms of people who are not signed in: what was typed is there again,
whichever way the browser goes back. Passwords, codes and captchas are typed anew."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Way
from tests.support.clients.chromium import until_kept_alive
from tests.support.pages.captcha_part import CaptchaPart
from tests.support.pages.registration_pages import (
    NEW_PHONE,
    NEW_USER,
    RegistrationPages,
    claim_of,
)
from tests.support.world.running_app import RunningApp

NUMBER = "3276 0168 1082 0006"
WHO = {
    "NIK": NUMBER,
    "Nama lengkap": "Mira Rachmadini",
    "Hari": "28",
    "Bulan": "Oktober",
    "Tahun": "1982",
}
# All forms of visitors are made by components/flow_form.html; these have every kind of field.
FORMS = {
    "/masuk": {"NIK atau nomor kartu": NUMBER},
    "/daftar/pengguna-baru": WHO,
}
KEEP_ALIVE = "() => { window.wasKeptAlive = true }"


def field(page: Page, label: str) -> Locator:
    return page.get_by_label(label, exact=True)


def was_kept_alive(page: Page) -> bool:
    return bool(page.evaluate("() => Boolean(window.wasKeptAlive)"))


@pytest.mark.parametrize("address", FORMS)
def test_what_was_typed_is_there_again(back_page: Page, way: Way, address: str) -> None:
    page = back_page

    def leave_and_go_back() -> None:
        page.goto(address)
        CaptchaPart(page).answer("54321")
        for label, text in FORMS[address].items():
            field(page, label).fill(text)
        if address == "/masuk":
            field(page, "Kata sandi").fill("payung teduh pagi")
            page.get_by_role("radio", name="Nomor kartu").check()
        page.evaluate(KEEP_ALIVE)
        page.get_by_role("link", name="Bantuan").click()
        page.wait_for_url("**/bantuan")
        page.go_back(wait_until="commit")

    if way.keeps_alive:
        until_kept_alive(leave_and_go_back, lambda: was_kept_alive(page))
    else:
        leave_and_go_back()
        assert not was_kept_alive(page)
    for label, text in FORMS[address].items():
        expect(field(page, label)).to_have_value(text)
    if address == "/masuk":
        expect(page.get_by_role("radio", name="Nomor kartu")).to_be_checked()
    if way.keeps_alive and not way.with_script:
        return  # Such a page is as it was left: nobody else can have been here meanwhile.
    expect(CaptchaPart(page).digits).to_have_value("")
    if address == "/masuk":
        expect(field(page, "Kata sandi")).to_have_value("")


def test_a_refused_form_is_filled_in_again_too(back_page: Page, way: Way) -> None:
    page = back_page
    page.goto("/daftar/pengguna-baru")
    CaptchaPart(page).answer("54321")
    for label, text in WHO.items():
        field(page, label).fill(text)
    if way.with_script:
        page.get_by_role("button", name="Verifikasi Data").click()
        expect(page.locator("#captcha_answer-error")).to_contain_text("Angka tidak cocok")
    page.get_by_role("link", name="Bantuan").click()
    page.wait_for_url("**/bantuan")
    page.go_back(wait_until="commit")
    for label, text in WHO.items():
        expect(field(page, label)).to_have_value(text)


def test_a_step_that_was_done_can_be_gone_back_to_and_sent_again(
    back_page: Page, running: RunningApp
) -> None:
    """With a captcha that nobody has used yet, and a button that is not busy any more. On again
    nothing is typed twice."""
    page, claim = back_page, claim_of(running, "registry_spouse")
    steps = RegistrationPages(page).open().choose(NEW_USER).claim(claim).give_phone()
    expect(steps.heading).to_have_text("Syarat & ketentuan")
    page.go_back(wait_until="commit")
    expect(steps.heading).to_have_text("Berapa nomor HP Anda?")
    expect(steps.field("Nomor HP")).to_have_value(NEW_PHONE)
    page.go_back(wait_until="commit")
    for label, text in claim.typed().items():
        expect(steps.field(label)).to_have_value(text)
    expect(steps.captcha.digits).to_have_value("")
    steps.verify()
    expect(steps.heading).to_have_text("Berapa nomor HP Anda?")
    expect(steps.field("Nomor HP")).to_have_value(NEW_PHONE)
