"""The switch of Login dengan Biometrik always shows the true state: a tap leads to the steps of
switching on, or changes the switch once the server has answered."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.support.clients.chromium import HeldBack
from tests.support.pages.passkey_pages import (
    BiometricsPages,
    Lock,
    sign_in_with_password,
    with_lock,
)
from tests.support.world.running_app import Identity, RunningApp

ON, OFF = "**/profil/biometrik/hp-ini/nyalakan", "**/profil/biometrik/hp-ini/matikan"


@pytest.fixture
def person(running: RunningApp) -> Identity:
    return running.identity("ppu_active")


@pytest.fixture
def lock(page: Page) -> Lock:
    return with_lock(page)


def tapped(page: Page, address: str) -> tuple[BiometricsPages, Route]:
    """Tap the switch; returns its row, and the answer, which the test holds back."""
    asked = HeldBack(page, address)
    pages = BiometricsPages(page).to_profile()
    pages.switch.click()
    expect(pages.switch).to_contain_text("Sebentar…")
    return pages, asked.first()


def test_it_is_off_without_a_network_and_until_the_phone_is_enrolled(
    page: Page, person: Identity
) -> None:
    sign_in_with_password(page, person)
    pages, answer = tapped(page, ON)
    answer.abort("internetdisconnected")
    expect(page.get_by_role("alert")).to_contain_text("Tidak ada sambungan internet")
    expect(pages.switch).not_to_be_checked()
    expect(pages.switch).to_contain_text("Mati")
    page.unroute(ON)
    pages, answer = tapped(page, ON)
    expect(pages.switch).not_to_be_checked()
    answer.continue_()
    expect(pages.heading).to_have_text("Nyalakan Login dengan Biometrik")
    page.go_back()
    expect(pages.switch).not_to_be_checked()


def test_it_is_on_until_it_is_switched_off(page: Page, person: Identity, lock: Lock) -> None:
    sign_in_with_password(page, person)
    BiometricsPages(page).enrol(person, lock)
    pages, answer = tapped(page, OFF)
    expect(pages.switch).to_be_checked()
    answer.continue_()
    expect(pages.switch).not_to_be_checked()
    expect(pages.switch).to_contain_text("Mati")
