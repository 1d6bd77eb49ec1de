"""Info Peserta walked in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.pages.page_objects import sign_in
from tests.support.pages.participant_pages import info_of
from tests.support.world.running_app import RunningApp


@pytest.mark.with_and_without_js
def test_a_change_is_found_from_beranda_and_cancelled(
    either_page: Page, running: RunningApp
) -> None:
    page = either_page
    sign_in(page, running.identity("family_of_deceased"))
    page.goto("/beranda")
    page.get_by_role("link", name="Info peserta").click()
    expect(page.get_by_text("1 perubahan belum berlaku")).to_have_count(3)
    info = info_of(page, "Ridho Harahap")
    expect(page.get_by_role("link", name="Peta")).to_have_attribute("rel", "noreferrer")
    info.ask_to_cancel().cancel()
    expect(page.get_by_role("link", name="Batalkan perubahan")).to_have_count(0)
    expect(page.get_by_text("Diminta: Kelas 1")).to_be_visible()
    page.goto("/peserta")
    expect(page.get_by_text("1 perubahan belum berlaku")).to_have_count(0)
