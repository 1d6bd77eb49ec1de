"""Back, and Kembali, on the forms of people who are not signed in: what was typed is there again,
whichever way the browser goes back. Passwords, codes and captchas are typed anew."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Way
from tests.support.world.running_app import FIXED_CAPTCHA, RunningApp

NUMBER = "3276 0168 1082 0006"
WHO = {
    "NIK": NUMBER,
    "Nama lengkap": "Mira Rachmadini",
    "Hari": "28",
    "Bulan": "Oktober",
    "Tahun": "1982",
}
FORMS = {
    "/masuk": {"NIK atau nomor kartu": NUMBER},
    "/lupa-kata-sandi": {"NIK": NUMBER},
    "/daftar/pengguna-baru": WHO,
    "/daftar/pengguna-mobile": {"NIK atau nomor kartu": NUMBER},
}
KEEP_ALIVE = "() => { window.wasKeptAlive = true }"


def field(page: Page, label: str) -> Locator:
    return page.get_by_label(label, exact=True)


def was_kept_alive(page: Page) -> bool:
    return bool(page.evaluate("() => Boolean(window.wasKeptAlive)"))


@pytest.mark.parametrize("address", FORMS)
def test_what_was_typed_is_there_again(back_page: Page, way: Way, address: str) -> None:
    page = back_page
    page.goto(address)
    for label, text in FORMS[address].items():
        field(page, label).fill(text)
    field(page, "Ketik angka di gambar").fill("54321")
    if address == "/masuk":
        field(page, "Kata sandi").fill("payung teduh pagi")
        page.get_by_role("radio", name="Nomor kartu").check()
    page.evaluate(KEEP_ALIVE)
    page.get_by_role("link", name="Bantuan").click()
    page.wait_for_url("**/bantuan")
    page.go_back(wait_until="commit")
    assert was_kept_alive(page) == way.keeps_alive
    for label, text in FORMS[address].items():
        expect(field(page, label)).to_have_value(text)
    if address == "/masuk":
        expect(page.get_by_role("radio", name="Nomor kartu")).to_be_checked()
    if way.keeps_alive and not way.with_script:
        return  # Such a page is as it was left: nobody else can have been here meanwhile.
    expect(field(page, "Ketik angka di gambar")).to_have_value("")
    if address == "/masuk":
        expect(field(page, "Kata sandi")).to_have_value("")
