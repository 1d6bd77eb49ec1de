"""Fasilitas kesehatan in the hand: found while typing, and near the phone after a tap."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, Request, expect

from tests.browser.conftest import Phone
from tests.support.world.running_app import RunningApp

NAME = "Nama faskes"
OWN_POSITION = "Pakai lokasi saya"
HERE = {"latitude": -6.4013312, "longitude": 106.8478123}
ABROAD = {"latitude": 52.52, "longitude": 13.405}
NEAREST = ["Puskesmas Mekarjaya", "drg. Puspa Anindyaswari", "dr. Maheswari Candrakanti"]


def titles(page: Page) -> list[str]:
    return page.locator("#results .row-title").all_inner_texts()


def found(page: Page, words: str) -> None:
    """Wait for these results."""
    expect(page.locator("#results h2")).to_have_text(words)


def at_home(phone: BrowserContext) -> Page:
    """The search on a phone that tells where it is."""
    phone.grant_permissions(["geolocation"])
    phone.set_geolocation({"latitude": HERE["latitude"], "longitude": HERE["longitude"]})
    page = phone.new_page()
    page.goto("/faskes")
    return page


@pytest.mark.with_and_without_js
def test_from_the_first_page_to_a_facility_and_back_to_what_was_found(either_page: Page) -> None:
    page = either_page
    page.goto("/")
    page.get_by_role("link", name="Cek fasilitas kesehatan").click()
    page.get_by_label(NAME).fill("mekar")
    page.get_by_role("button", name="Cari").click()
    page.get_by_role("link", name=re.compile("Puskesmas Mekarjaya.*Sisa")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Puskesmas Mekarjaya")
    expect(page.get_by_text("Kecamatan Sukmajaya, Kota Depok")).to_be_visible()
    page.go_back()
    found(page, "Yang cocok")
    assert titles(page) == ["Puskesmas Mekarjaya"]
    expect(page.get_by_label(NAME)).to_have_value("mekar")


def test_without_a_script_no_button_promises_what_it_cannot_do(new_phone: Phone) -> None:
    page = new_phone(java_script_enabled=False).new_page()
    page.goto("/faskes")
    expect(page.get_by_role("button", name="Cari")).to_be_visible()
    expect(page.get_by_role("button", name=OWN_POSITION)).to_be_hidden()


def test_typing_is_enough_and_the_nearest_stay_first(new_phone: Phone, running: RunningApp) -> None:
    page = at_home(new_phone())
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request))
    page.get_by_label(NAME).press_sequentially("jaya")
    found(page, "Yang cocok")
    assert page.url == f"{running.url}/faskes?nama=jaya"
    page.get_by_label(NAME).fill("")
    found(page, "Cari yang Anda perlukan")
    page.get_by_role("button", name=OWN_POSITION).click()
    found(page, "Terdekat dari lokasi Anda")
    assert titles(page)[:3] == NEAREST
    page.get_by_label("Jenis").select_option("Dokter gigi")
    expect(page.locator("#results .row-title").nth(1)).to_have_text("drg. Yoshua Tanuredja")
    expect(page.locator("#live")).to_have_text("Terdekat dari lokasi Anda")
    assert page.url == f"{running.url}/faskes?jenis=dokter-gigi"
    posted = [it for it in sent if it.method == "POST"]
    assert [it.url for it in posted] == [f"{running.url}/faskes/lokasi"] * 2
    for request in posted:
        assert "latitude=-6.401&longitude=106.848" in (request.post_data or "")
    assert not [it.url for it in sent if "6.40" in it.url]
    kept = page.evaluate("() => JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert "6.40" not in kept
    assert "106.8" not in kept
    page.get_by_role("link", name="Cari tanpa lokasi").click()
    expect(page.get_by_text("Terdekat dari")).to_have_count(0)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (1, "Lokasi tidak diizinkan."),
        (2, "Lokasi HP belum ditemukan."),
        (3, "Mencari lokasi terlalu lama."),
    ],
)
def test_a_phone_that_does_not_tell_is_no_dead_end(new_phone: Phone, code: int, words: str) -> None:
    page = new_phone().new_page()
    page.goto("/faskes")
    page.evaluate(
        "code => { navigator.geolocation.getCurrentPosition = (_, no) => no({ code }) }", code
    )
    page.get_by_label(NAME).fill("mekar")
    found(page, "Yang cocok")
    page.get_by_role("button", name=OWN_POSITION).click()
    expect(page.get_by_role("status")).to_contain_text(words)
    assert titles(page) == ["Puskesmas Mekarjaya"]
    expect(page.get_by_label(NAME)).to_have_value("mekar")


def test_who_says_no_can_type(new_phone: Phone) -> None:
    page = new_phone().new_page()
    page.goto("/faskes")
    page.get_by_role("button", name=OWN_POSITION).click()
    expect(page.get_by_role("status")).to_contain_text("Lokasi tidak diizinkan.")
    page.get_by_label(NAME).fill("mekar")
    found(page, "Yang cocok")


def test_a_phone_abroad_is_told_and_its_position_is_forgotten(new_phone: Phone) -> None:
    phone = new_phone()
    page = at_home(phone)
    phone.set_geolocation({"latitude": ABROAD["latitude"], "longitude": ABROAD["longitude"]})
    page.get_by_role("button", name=OWN_POSITION).click()
    expect(page.get_by_text("Lokasi Anda di luar Indonesia.")).to_be_visible()
    expect(page).to_have_title(re.compile("^Kesalahan: "))
    page.get_by_label(NAME).fill("mekar")
    found(page, "Yang cocok")
    expect(page).to_have_title("Fasilitas kesehatan – Mobile JKN")


def test_no_other_page_may_ask_where_the_phone_is(new_phone: Phone) -> None:
    page = new_phone().new_page()
    may_ask = "() => document.featurePolicy.allowsFeature('geolocation')"
    for address, expected in {
        "/faskes": True,
        "/bantuan": False,
        "/faskes/3276P001": False,
    }.items():
        page.goto(address)
        assert page.evaluate(may_ask) == expected, address
