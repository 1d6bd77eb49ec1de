"""Simpan Data Username on a phone: from the switch to a sign-in without a number, and back; and
what the phone holds meanwhile (R48, R51)."""

import pytest
from playwright.sync_api import Page

from tests.support.clients.chromium import await_service_worker, everything_stored
from tests.support.pages.page_objects import HomePage, LandingPage, sign_in
from tests.support.pages.profile_pages import ProfilePage
from tests.support.pages.username_pages import (
    SavedSignInPage,
    remember_and_leave,
)
from tests.support.rules.canaries import Canaries
from tests.support.world.running_app import Identity, RunningApp

PERSON = "ppu_active"


def canaries_of(person: Identity) -> Canaries:
    canaries = Canaries()
    for kind in ("nik", "card_number", "name", "password"):
        canaries.add(kind, getattr(person, kind))
    return canaries


@pytest.mark.with_and_without_js
def test_the_number_need_not_be_typed_again(either_page: Page, running: RunningApp) -> None:
    person = running.identity(PERSON)
    sign_in(either_page, person).link("Profil").click()
    ProfilePage(either_page).remember(on=True)
    HomePage(either_page).link("Beranda").click()
    HomePage(either_page).to_more().to_sign_out().agree()
    LandingPage(either_page).to_sign_in()
    form = SavedSignInPage(either_page).expect_to_show(person).give(person.password)
    # Enter must not press the first button of the page, which forgets the number.
    form.password.press("Enter")
    HomePage(either_page).expect_open(person)


@pytest.mark.service_worker
def test_nothing_that_the_phone_keeps_tells_who_it_is(page: Page, running: RunningApp) -> None:
    person = running.identity(PERSON)
    remember_and_leave(page, person).expect_to_show(person)
    await_service_worker(page)
    assert canaries_of(person).found_in(everything_stored(page)) == []
    assert canaries_of(person).found_in(page.content()) == []
    kept = {it["name"]: it for it in page.context.cookies()}
    assert set(kept) == {"jkn", "hp"}
    assert kept["hp"]["httpOnly"]
    assert "••••" not in everything_stored(page)
