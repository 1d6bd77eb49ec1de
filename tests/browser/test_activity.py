"""Riwayat aktivitas akun in the hand: the newest first, and the older ones a tap away."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.pages.page_objects import ActivityPage, sign_in
from tests.support.screens.activity_screens import let_everything_happen
from tests.support.world.running_app import RunningApp

PERSON = "ppu_active"


@pytest.mark.with_and_without_js
def test_what_just_happened_stands_first_and_the_rest_further_down(
    either_page: Page, running: RunningApp
) -> None:
    let_everything_happen(running, PERSON)
    sign_in(either_page, running.identity(PERSON))
    activity = ActivityPage(either_page).open()
    expect(either_page.get_by_role("heading", level=2).first).to_have_text("Hari ini")
    expect(activity.items.first).to_contain_text("Masuk ke akun")
    expect(activity.items.first).to_contain_text("Chrome di Linux")
    expect(activity.items.nth(1)).to_contain_text("Masuk dari perangkat baru")
    activity.expect_more_further_down("/profil/aktivitas")
