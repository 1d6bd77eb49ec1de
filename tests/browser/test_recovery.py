"""Lupa Kata Sandi in a real browser, each way, with and without JavaScript.

Codes and links are read where developers read them: in Kotak keluar, handed over by the worker.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Phone
from tests.support.clients.journey_meter import JourneyMeter
from tests.support.pages.page_objects import HomePage, RecoveryPages
from tests.support.world.databases import ROOT
from tests.support.world.recovery_world import answers_of, newest_message
from tests.support.world.running_app import RunningApp

PERSON = "ppu_active"
NEW_PASSWORD = "teh manis di beranda"
QUESTIONS = "Pertanyaan Data Pribadi"


def recover(page: Page, running: RunningApp, way: str) -> None:
    """From Masuk until Beranda is open."""
    person = running.identity(PERSON)
    steps = RecoveryPages(page).open().begin(person.nik).choose(way)
    if way == QUESTIONS:
        known = answers_of(running, person.nik)
        for number in (1, 2, 3):
            expect(page.get_by_text(f"Pertanyaan {number} dari 3")).to_be_visible()
            steps.answer.fill(known[steps.heading.inner_text()])
            steps.next()
    else:
        expect(steps.heading).to_have_text(re.compile(f"^Masukkan kode dari {way}$", re.IGNORECASE))
        expect(page.get_by_text(re.compile("(nomor HP|email) yang terdaftar"))).to_be_visible()
        steps.give_code(newest_message(running, way.lower()).code)
    form = steps.set_password(NEW_PASSWORD)
    told = page.get_by_role("status").filter(has_text="Kata sandi baru sudah tersimpan")
    expect(told).to_be_visible()
    form.expect_known(person).give_password(NEW_PASSWORD)
    HomePage(page).expect_open(person)


def go_on_from(way: str, page: Page, running: RunningApp, new_phone: Phone) -> None:
    """The steps after a recovery: the owner is told, and may say *Bukan saya*; after questions a
    code ends limited mode."""
    if way != QUESTIONS:
        owner = new_phone().new_page()
        owner.goto(newest_message(running, "sms", "bukan-saya").link)
        expect(owner.get_by_role("heading", level=1)).to_have_text("Bukan Anda?")
        owner.get_by_role("button", name="Bukan saya, bekukan akun").click()
        expect(owner.get_by_role("heading", level=1)).to_have_text("Akun sudah dibekukan")
        page.goto("/beranda")
        expect(page.get_by_role("heading", level=1)).to_have_text("Masuk")
        return
    steps = RecoveryPages(page)
    notice = page.get_by_role("region", name="Akun dibatasi")
    expect(notice).to_be_visible()
    notice.get_by_role("link", name="Buka dengan kode").click()
    page.get_by_role("radio", name="SMS").check()
    page.get_by_role("button", name="Kirim kode").click()
    expect(steps.heading).to_have_text("Masukkan kode dari SMS")
    steps.give_code(newest_message(running, "sms", "Kode JKN").code)
    HomePage(page).expect_open(running.identity(PERSON))
    expect(notice).to_be_hidden()
    expect(page.get_by_role("status")).to_contain_text("Akun Anda terbuka penuh lagi")


@pytest.mark.parametrize("way", ["SMS", "Email", QUESTIONS])
def test_what_it_asks_of_a_person_is_in_the_list(
    page: Page, new_phone: Phone, running: RunningApp, way: str
) -> None:
    meter = JourneyMeter(page)
    recover(page, running, way)
    line = meter.line(f"Lupa Kata Sandi: {way}")
    print(line)
    assert line in (ROOT / "docs" / "journeys.md").read_text()
    if way != "Email":  # which goes on like SMS
        go_on_from(way, page, running, new_phone)


@pytest.mark.parametrize("way", ["SMS", QUESTIONS])
def test_it_leads_to_beranda_without_javascript(
    new_phone: Phone, running: RunningApp, way: str
) -> None:
    page = new_phone(java_script_enabled=False).new_page()
    recover(page, running, way)
    go_on_from(way, page, running, lambda: new_phone(java_script_enabled=False))


def test_by_the_link_of_an_email_on_another_phone(new_phone: Phone, running: RunningApp) -> None:
    person = running.identity(PERSON)
    first = RecoveryPages(new_phone().new_page()).open().begin(person.nik).choose("Email")
    expect(first.heading).to_have_text("Masukkan kode dari email")
    link = newest_message(running, "email").link
    page = new_phone().new_page()
    page.goto(link)
    expect(page).to_have_url(re.compile("/lupa-kata-sandi/tautan$"))
    second = RecoveryPages(page)
    second.button("Lanjutkan").click()
    second.set_password(NEW_PASSWORD).fill(person.nik, NEW_PASSWORD).submit()
    HomePage(page).expect_open(person)


def test_back_after_success_leads_to_masuk(page: Page, running: RunningApp) -> None:
    person = running.identity(PERSON)
    steps = RecoveryPages(page).open().begin(person.nik).choose("SMS")
    steps.give_code(newest_message(running, "sms").code)
    form = steps.set_password(NEW_PASSWORD).expect_known(person)
    page.go_back()
    page.reload()
    expect(steps.heading).to_have_text("Masuk")
    form.expect_known(person).give_password("bukan kata sandinya")
    # The number stays; the next try shows that no robot tries.
    expect(form.error_summary).to_contain_text("Kata sandi tidak cocok dengan nomor ini")
    expect(form.captcha.whole).to_be_visible()
    form.other_number.click()
    expect(form.number).to_have_value("")
    form.open()
    expect(form.number).to_be_visible()


def test_the_code_page_counts_down_and_asks_again(page: Page, running: RunningApp) -> None:
    """The step that every journey shares: wrong code, focus, the countdown, and Back."""
    person = running.identity(PERSON)
    steps = RecoveryPages(page).open().begin(person.nik).choose("SMS")
    expect(steps.code).to_have_attribute("autocomplete", "one-time-code")
    expect(page.get_by_role("button", name=re.compile(r"Kirim ulang \(tunggu \d+ detik\)"))
           ).to_be_disabled()  # fmt: skip
    code = newest_message(running, "sms").code
    steps.give_code(f"{(int(code) + 1) % 1_000_000:06}")
    expect(steps.error_summary).to_be_focused()
    expect(steps.error_summary).to_contain_text("Kode tidak cocok. Periksa SMS terakhir")
    steps.error_summary.get_by_role("link").click()
    expect(steps.code).to_be_focused()
    page.get_by_role("link", name="Jawab pertanyaan data pribadi").click()
    expect(steps.heading).to_have_text("Pilih cara verifikasi")
    page.go_back()
    steps.give_code(f"{code[:3]} {code[3:]}")
    expect(steps.heading).to_have_text("Buat kata sandi baru")
    # Typed once, so it can be looked at; nobody sees it before that.
    chosen = page.get_by_label("Kata sandi baru", exact=True)
    expect(chosen).to_have_attribute("type", "password")
    steps.button("Tampilkan").click()
    expect(chosen).to_have_attribute("type", "text")


def test_android_fills_the_code_in_by_itself(page: Page, running: RunningApp) -> None:
    """WebOTP: the browser reads the code, and the form is sent by itself."""
    page.add_init_script(
        """window.OTPCredential = class {};
        navigator.credentials.get = (wanted) => new Promise((resolve) => {
          window.receiveCode = (code) => resolve({ code });
          window.transports = wanted.otp.transport;
        });"""
    )
    person = running.identity(PERSON)
    steps = RecoveryPages(page).open().begin(person.nik).choose("SMS")
    page.wait_for_function("() => window.transports")
    assert page.evaluate("() => window.transports") == ["sms"]
    page.evaluate("(code) => window.receiveCode(code)", newest_message(running, "sms").code)
    expect(steps.heading).to_have_text("Buat kata sandi baru")
