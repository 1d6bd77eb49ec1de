"""The question for a village on a phone: while somebody types, and from the province down."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.clients.chromium import accessibility_findings
from tests.support.pages.region_page import PlacePage
from tests.support.world.running_app import RunningApp


@pytest.mark.with_and_without_js
def test_a_place_is_found_or_chosen_and_facilities_near_it_come(
    either_page: Page, running: RunningApp
) -> None:
    page = either_page
    PlacePage(page).open().find("mekarjaya depok").pick("Mekarjaya").submit()
    page.wait_for_url("**/faskes?wilayah=32.76.05.1004")
    expect(page.get_by_role("heading", name="Dekat Mekarjaya")).to_be_visible()

    places = PlacePage(page).open().from_the_province()
    places.choose("Provinsi", "Jawa Barat").choose("Kabupaten atau kota", "Kota Depok")
    page.get_by_label("Kecamatan atau distrik").select_option(label="Sukmajaya")
    places.submit()
    page.wait_for_url("**/faskes?wilayah=32.76.05")
    expect(page.get_by_role("heading", name="Dekat Sukmajaya")).to_be_visible()


def test_the_keyboard_alone_is_enough_and_keeps_its_place(page: Page, running: RunningApp) -> None:
    places = PlacePage(page).open()
    places.text.fill("karangmalang")
    said = page.get_by_role("status").filter(has_text="10 yang cocok.")
    expect(said).to_be_attached()
    places.settle()
    expect(places.text).to_be_focused()
    page.keyboard.press("Tab")
    with page.expect_response("**/wilayah/rincian*"):
        page.keyboard.press("Space")
    radios = page.get_by_role("radio")
    with page.expect_response("**/wilayah/rincian*"):
        page.keyboard.press("ArrowDown")
    expect(radios.nth(1)).to_be_focused()
    expect(radios.nth(1)).to_be_checked()
    assert accessibility_findings(page) == []

    radios.last.focus()
    page.keyboard.press("Space")
    province = page.get_by_label("Provinsi", exact=True)
    expect(province).to_be_visible()
    places.settle()
    page.keyboard.press("Tab")
    expect(province).to_be_focused()
    page.keyboard.press("b")
    expect(page.get_by_label("Kabupaten atau kota")).to_be_visible()
    expect(province).to_be_focused()
    expect(province.locator("option:checked")).to_have_text("Bali")
    assert accessibility_findings(page) == []


def test_what_is_typed_next_outruns_the_answer_before(page: Page, running: RunningApp) -> None:
    PlacePage(page).open().find("sidomulyo").find("16411")
    expect(page.get_by_role("radio")).to_have_count(2)
    expect(page.locator("#region-count")).to_have_text("1 yang cocok.")
