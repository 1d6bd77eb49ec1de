"""Simpan Data Username on a phone: from the switch to a sign-in without a number, and back; and
what the phone holds meanwhile (R48, R51)."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Phone
from tests.support.clients.chromium import HeldBack, await_service_worker, everything_stored
from tests.support.pages.page_objects import HomePage, LandingPage, SignOutPage, sign_in
from tests.support.pages.profile_pages import ProfilePage
from tests.support.pages.username_pages import (
    SavedSignInPage,
    initials,
    remember_and_leave,
)
from tests.support.rules.canaries import Canaries
from tests.support.world.masked_numbers import masked, said
from tests.support.world.running_app import Identity, RunningApp

PERSON, OTHER = "ppu_active", "pbpu_14_months"
# A person of the same town and also the first birth of a day in the register, so the masked number
# looks like that of PERSON.
ALIKE = "ppu_just_ended"


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
    SavedSignInPage(either_page).expect_to_show(person).give(person.password).submit()
    HomePage(either_page).expect_open(person)


def test_enter_in_the_password_field_signs_in(either_page: Page, running: RunningApp) -> None:
    """Enter must not press the first button of the page, which forgets the number."""
    person = running.identity(PERSON)
    form = remember_and_leave(either_page, person).give(person.password)
    form.password.press("Enter")
    HomePage(either_page).expect_open(person)
    either_page.goto("/keluar")
    SignOutPage(either_page).agree()
    form = SavedSignInPage(either_page).open().expect_to_show(person)
    form.password.press("Enter")
    expect(form.error_summary).to_contain_text("Masukkan kata sandi")
    SavedSignInPage(either_page).open().expect_to_show(person)


def test_bukan_saya_forgets_the_number(either_page: Page, running: RunningApp) -> None:
    person = running.identity(PERSON)
    form = remember_and_leave(either_page, person)
    form.button("Bukan saya").click()
    expect(either_page.get_by_role("status")).to_contain_text("sudah dihapus dari HP ini")
    expect(form.number).to_have_value("")
    expect(either_page.get_by_text(masked(person))).to_have_count(0)
    form.sign_in(person)
    expect(ProfilePage(either_page).open().remembers).not_to_be_checked()


def test_a_second_person_on_the_same_phone(either_page: Page, running: RunningApp) -> None:
    first, second = running.identity(PERSON), running.identity(OTHER)
    form = remember_and_leave(either_page, first).expect_to_show(first)
    form.link("Pakai nomor lain").click()
    form.sign_in(second)
    ProfilePage(either_page).open().remember(on=True)
    either_page.goto("/keluar")
    SignOutPage(either_page).agree()
    form = SavedSignInPage(either_page).open()
    expect(form.people).to_have_count(2)
    # Who was here last is chosen.
    expect(form.page.get_by_role("radio", name=said(second))).to_be_checked()
    form.choose(said(first))
    form.give("bukan kata sandi").submit()
    expect(form.error_summary).to_contain_text("Kata sandi tidak cocok dengan nomor ini")
    expect(form.page.get_by_role("radio", name=said(first))).to_be_checked()
    form.give(first.password).submit()
    HomePage(either_page).expect_open(first)
    either_page.goto("/keluar")
    SignOutPage(either_page).agree()
    form = SavedSignInPage(either_page).open()
    expect(form.page.get_by_role("radio", name=said(first))).to_be_checked()
    form.button(f"Bukan saya {said(first)} Inisial {initials(first)}").click()
    form.expect_to_show(second)
    expect(form.people).to_have_count(0)


def test_two_whose_numbers_look_alike_can_be_told_apart(page: Page, running: RunningApp) -> None:
    people = running.identity(PERSON), running.identity(ALIKE)
    form = remember_and_leave(page, *people)
    assert masked(people[0]) == masked(people[1]), "the numbers alone must not tell them apart"
    for person in people:
        name = f"{said(person)} Inisial {initials(person)}"
        expect(page.get_by_role("radio", name=name)).to_have_count(1)
    expect(form.people).to_have_count(2)


def test_off_means_gone(either_page: Page, running: RunningApp) -> None:
    person = running.identity(PERSON)
    form = remember_and_leave(either_page, person).give(person.password)
    form.submit()
    HomePage(either_page).expect_open(person)
    ProfilePage(either_page).open().remember(on=False)
    either_page.goto("/keluar")
    SignOutPage(either_page).agree()
    form.open()
    expect(form.number).to_have_value("")
    expect(either_page.get_by_text(masked(person))).to_have_count(0)


def test_with_javascript_the_switch_keeps_the_focus_and_the_page(
    page: Page, running: RunningApp
) -> None:
    sign_in(page, running.identity(PERSON))
    profile = ProfilePage(page).open()
    heading = profile.heading.element_handle()
    profile.remembers.focus()
    page.keyboard.press("Space")
    expect(profile.remembers).to_be_checked()
    expect(profile.remembers).to_be_focused()
    assert heading is not None
    assert heading.evaluate("it => it.isConnected")


def test_a_wrong_captcha_swaps_only_the_captcha(page: Page, running: RunningApp) -> None:
    person = running.identity(PERSON)
    form = remember_and_leave(page, person).give(person.password, captcha="54321")
    form.submit()
    expect(form.captcha.digits).to_be_focused()
    expect(form.password).to_have_value(person.password)
    form.expect_to_show(person)
    form.captcha.digits.fill("12345")
    form.submit()
    HomePage(page).expect_open(person)


def test_masuk_waits_for_its_answer_and_cannot_be_pressed_twice(
    page: Page, running: RunningApp
) -> None:
    person = running.identity(PERSON)
    form = remember_and_leave(page, person).give(person.password)
    asked = HeldBack(page, "**/masuk")
    form.submit()
    expect(page.get_by_role("button", name="Memeriksa…")).to_be_disabled()
    asked.first().continue_()
    HomePage(page).expect_open(person)


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


def test_a_stolen_cookie_shows_the_mask_and_opens_nothing(
    page: Page, new_phone: Phone, running: RunningApp
) -> None:
    person = running.identity(PERSON)
    remember_and_leave(page, person)
    thief = new_phone()
    thief.add_cookies([it for it in page.context.cookies() if it["name"] == "hp"])
    stolen = thief.new_page()
    for address in ("/beranda", "/profil", "/kartu", "/keluar"):
        stolen.goto(address)
        expect(SavedSignInPage(stolen).heading).to_have_text("Masuk")
        assert canaries_of(person).found_in(stolen.content()) == []
    SavedSignInPage(stolen).open().expect_to_show(person)
