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
    recorded_phone,
    sms_to,
)
from tests.support.world.databases import ROOT
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
# Between them these two see every step.
WITHOUT_SCRIPT = (
    "Daftar: Pengguna baru, belum peserta JKN",
    "Daftar: Pengguna Mobile, nomor HP berganti",
)


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


@pytest.mark.parametrize("name", WITHOUT_SCRIPT)
def test_it_leads_to_beranda_without_javascript(
    new_phone: Phone, running: RunningApp, name: str
) -> None:
    page = new_phone(java_script_enabled=False).new_page()
    walk(page, running, JOURNEYS[name])
    arrive(page, running, JOURNEYS[name])


@pytest.mark.parametrize("name", JOURNEYS)
def test_what_it_asks_of_a_person_is_in_the_list_and_back_leads_to_no_step_of_it(
    page: Page, running: RunningApp, name: str
) -> None:
    """From the first page until Beranda is open."""
    meter = JourneyMeter(page)
    walk(page, running, JOURNEYS[name])
    arrive(page, running, JOURNEYS[name])
    line = meter.line(name)
    print(line)
    assert line in (ROOT / "docs" / "journeys.md").read_text()
    page.go_back()
    page.reload()
    expect(page).to_have_url(NO_STEP)
    page.goto("/daftar/kode")
    expect(page).to_have_url(NO_STEP)


@with_other_settings
def test_a_silent_registry_keeps_what_was_typed_until_it_answers(
    browser: Browser, registry: HttpStub, asking: RunningApp
) -> None:
    with phone(browser, asking.url, viewport=NARROW, screen=NARROW) as context:
        page = context.new_page()
        steps = RegistrationPages(page).open().choose(NEW_USER).claim(SITI)
        expect(steps.heading).to_have_text("Data belum bisa diperiksa")
        expect(page).to_have_title("Data belum bisa diperiksa – Mobile JKN")
        for label, text in SITI.typed().items():
            expect(steps.field(label)).to_have_value(text)
        expect(steps.captcha.digits).to_have_value("")
        # Such a page is no screen of the sample world, which test_every_page.py looks at.
        for scheme in in_both_schemes(page):
            assert accessibility_findings(page) == [], scheme
            assert sideways_overflow(page) == 0
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
