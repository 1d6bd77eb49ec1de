"""Daftar in a real browser: both doors walked whole, with and without JavaScript."""

import json
import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Phone, with_other_settings
from tests.support.clients.chromium import (
    NARROW,
    accessibility_findings,
    in_both_schemes,
    phone,
    sideways_overflow,
)
from tests.support.clients.journey_meter import JourneyMeter
from tests.support.gateways.http_stub import HttpStub
from tests.support.gateways.registry_answers import body_of, record
from tests.support.gateways.sms_gateways import answering
from tests.support.pages.page_objects import HomePage, SignInPage
from tests.support.pages.registration_pages import (
    CHOSEN,
    MOBILE_USER,
    NEW_PHONE,
    NEW_USER,
    Claim,
    RegistrationPages,
    claim_of,
    let_the_time_run_out,
    recorded_phone,
    sms_to,
)
from tests.support.world.databases import ROOT
from tests.support.world.recovery_world import begin_anew
from tests.support.world.running_app import RunningApp


@dataclass(frozen=True)
class Journey:
    """`is_known`: the phone is the one of the membership record, or there is no record."""

    door: str
    persona: str
    is_known: bool = True


# The journeys, by their names in docs/journeys.md.
JOURNEYS = {
    "Daftar: Pengguna baru, belum peserta JKN": Journey(NEW_USER, "registry_spouse"),
    "Daftar: Pengguna baru, nomor HP berganti": Journey(
        NEW_USER, "stale_phone_no_account", is_known=False
    ),
    "Daftar: Pengguna Mobile, nomor HP terdaftar": Journey(MOBILE_USER, "no_account"),
    "Daftar: Pengguna Mobile, nomor HP berganti": Journey(
        MOBILE_USER, "stale_phone_no_account", is_known=False
    ),
}
# She is not in the sample world: only the HTTP registry has her.
SITI = Claim("3276015503900005", "Siti Aminah", "15", "Maret", "1990")
# The first page, the doors, Masuk, or Beranda.
NO_STEP = re.compile("^http://[^/]+/(daftar|beranda|masuk)?$")
ALL_JOURNEYS = pytest.mark.parametrize("name", JOURNEYS)


def walk(page: Page, running: RunningApp, journey: Journey) -> None:
    """From the first page to what the last button leads to."""
    person = running.identity(journey.persona)
    steps = RegistrationPages(page).open().choose(journey.door)
    if journey.door == NEW_USER:
        steps.claim(claim_of(running, journey.persona))
    else:
        steps.name_number(person.card_number)
    number = NEW_PHONE
    if journey.is_known and person.card_number:
        number = recorded_phone(running, journey.persona)
    steps.give_phone(number)
    if not journey.is_known:
        steps.answer_as(running, person.nik)
    steps.agree().give_code(sms_to(running, number).code)
    steps.register()


def arrive(page: Page, running: RunningApp, journey: Journey) -> None:
    """Arrive at Beranda: new users are signed in already; mobile users sign in first."""
    person = running.identity(journey.persona)
    told = page.get_by_role("status").filter(has_text="Akun Anda sudah terdaftar")
    if journey.door == MOBILE_USER:
        expect(told).to_be_visible()
        SignInPage(page).expect_known(person).give_password(CHOSEN)
    home = HomePage(page).expect_open(person)
    expect(told).to_have_count(0 if journey.door == MOBILE_USER else 1)
    expect(home.card).to_have_count(1 if person.card_number else 0)
    uninsured = page.get_by_text("Anda belum menjadi peserta JKN")
    expect(uninsured).to_have_count(0 if person.card_number else 1)
    limited = page.get_by_role("region", name="Akun dibatasi")
    expect(limited).to_have_count(0 if journey.is_known else 1)


@ALL_JOURNEYS
def test_it_leads_to_beranda_without_javascript(
    new_phone: Phone, running: RunningApp, name: str
) -> None:
    page = new_phone(java_script_enabled=False).new_page()
    walk(page, running, JOURNEYS[name])
    arrive(page, running, JOURNEYS[name])


@ALL_JOURNEYS
def test_what_it_asks_of_a_person_is_in_the_list(
    page: Page, running: RunningApp, name: str
) -> None:
    """From the first page until Beranda is open."""
    meter = JourneyMeter(page)
    walk(page, running, JOURNEYS[name])
    arrive(page, running, JOURNEYS[name])
    line = meter.line(name)
    print(line)
    assert line in (ROOT / "docs" / "journeys.md").read_text()


def test_the_old_number_is_told_and_bukan_saya_freezes(
    new_phone: Phone, running: RunningApp
) -> None:
    journey = JOURNEYS["Daftar: Pengguna baru, nomor HP berganti"]
    stranger = new_phone().new_page()
    walk(stranger, running, journey)
    arrive(stranger, running, journey)
    owner = new_phone().new_page()
    old_number = recorded_phone(running, journey.persona)
    told = sms_to(running, old_number, "Akun JKN dibuat dengan NIK Anda dan nomor HP lain")
    owner.goto(told.link)
    owner.get_by_role("button", name="Bukan saya, bekukan akun").click()
    expect(owner.get_by_role("heading", level=1)).to_have_text("Akun sudah dibekukan")
    stranger.goto("/beranda")
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Masuk")


def claim_while_registry_hangs(page: Page) -> RegistrationPages:
    """As far as the page that says that the registry does not answer."""
    steps = RegistrationPages(page).open().choose(NEW_USER).claim(SITI)
    expect(steps.heading).to_have_text("Data belum bisa diperiksa")
    return steps


@with_other_settings
@pytest.mark.parametrize("with_script", [True, False])
def test_a_silent_registry_keeps_what_was_typed_until_it_answers(
    browser: Browser, registry: HttpStub, asking: RunningApp, with_script: bool
) -> None:
    with phone(browser, asking.url, java_script_enabled=with_script) as context:
        page = context.new_page()
        steps = claim_while_registry_hangs(page)
        expect(page).to_have_title("Data belum bisa diperiksa – Mobile JKN")
        for label, text in SITI.typed().items():
            expect(steps.field(label)).to_have_value(text)
        expect(steps.captcha.digits).to_have_value("")
        registry.behave = answering(
            200, body_of(record(NIK=SITI.nik, NAMA_LGKP="SITI AMINAH", TGL_LHR="1990-03-15"))
        )
        steps.verify().give_phone().agree().give_code(sms_to(asking, NEW_PHONE).code)
        steps.register()
        page.wait_for_url("**/beranda")
        expect(steps.heading).to_contain_text("SITI AMINAH")
    asked = registry.received[-1]
    assert (asked.method, asked.path) == ("POST", "/base/CALL_NIK")
    login = {"user_id": "pengguna", "password": "rahasia"}
    assert json.loads(asked.body) == {"NIK": SITI.nik, **login}


@with_other_settings
def test_the_page_of_a_silent_registry_fits_everybody(browser: Browser, asking: RunningApp) -> None:
    with phone(browser, asking.url, viewport=NARROW, screen=NARROW) as context:
        page = context.new_page()
        claim_while_registry_hangs(page)
        for scheme in in_both_schemes(page):
            assert accessibility_findings(page) == [], scheme
            assert sideways_overflow(page) == 0


def test_a_person_who_has_an_account_is_told_only_after_the_code(
    page: Page, running: RunningApp
) -> None:
    persona = "ppu_active"
    steps = RegistrationPages(page).open().choose(NEW_USER).claim(claim_of(running, persona))
    steps.give_phone().answer_as(running, running.identity(persona).nik).agree()
    steps.give_code(sms_to(running, NEW_PHONE).code)
    expect(steps.heading).to_have_text("Anda sudah punya akun")
    expect(steps.link("Masuk")).to_be_visible()
    sms_to(running, recorded_phone(running, persona), "Ditolak: akun Anda tidak berubah")
    steps.link("Lupa Kata Sandi").click()
    expect(steps.heading).to_have_text("Lupa Kata Sandi")


@pytest.mark.parametrize("name", [it for it in JOURNEYS if it.endswith(("peserta JKN", "daftar"))])
def test_back_after_success_leads_to_no_step_of_it(
    page: Page, running: RunningApp, name: str
) -> None:
    walk(page, running, JOURNEYS[name])
    expect(page.get_by_role("status")).to_contain_text("Akun Anda sudah terdaftar")
    page.go_back()
    page.reload()
    expect(page).to_have_url(NO_STEP)
    page.goto("/daftar/kode")
    expect(page).to_have_url(NO_STEP)


def test_another_number_gets_a_code_of_its_own(either_page: Page, running: RunningApp) -> None:
    """A typo in the phone is put right on the way, and nothing else is asked again."""
    typo = "0813 8877 6650"
    steps = RegistrationPages(either_page).open().choose(NEW_USER)
    steps.claim(claim_of(running, "registry_spouse")).give_phone(typo).agree()
    expect(either_page.get_by_text(f"kami kirim ke {typo}")).to_be_visible()
    first = sms_to(running, typo).code
    steps.link("SMS tetap tidak datang").click()
    expect(steps.heading).to_have_text("SMS tidak datang")
    steps.link("Ubah nomor HP").click()
    expect(steps.field("Nomor HP")).to_have_value(typo)
    steps.give_phone()
    expect(steps.error_summary).to_contain_text("Minta kode baru mulai pukul")
    begin_anew(running)  # As if the minute between two codes were over.
    expect(steps.field("Nomor HP")).to_have_value(NEW_PHONE)
    steps.to_code_or_questions()
    expect(either_page.get_by_text(f"kami kirim ke {NEW_PHONE}")).to_be_visible()
    steps.give_code(first)
    expect(steps.error_summary).to_contain_text("Kode tidak cocok")
    steps.give_code(sms_to(running, NEW_PHONE).code)
    expect(steps.heading).to_have_text("Buat kata sandi")


def test_when_the_time_is_over_what_was_typed_is_still_there(
    either_page: Page, running: RunningApp
) -> None:
    persona = "registry_spouse"
    steps = RegistrationPages(either_page).open().choose(NEW_USER)
    steps.claim(claim_of(running, persona)).give_phone().agree()
    let_the_time_run_out(running)
    steps.give_code("123456")
    expect(steps.heading).to_have_text("Waktu pendaftaran sudah habis")
    steps.button("Lanjutkan pendaftaran").click()
    expect(steps.heading).to_have_text("Berapa nomor HP Anda?")
    expect(steps.field("Nomor HP")).to_have_value(NEW_PHONE)
    steps.to_code_or_questions()
    steps.give_code(sms_to(running, NEW_PHONE).code).register()
    HomePage(either_page).expect_open(running.identity(persona))
