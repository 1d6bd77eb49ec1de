"""Masuk while the keyboard offers the fingerprint: one request to the phone at a time, for a valid
challenge, and none when the page is left."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Phone
from tests.support.clients.chromium import HeldBack
from tests.support.pages.page_objects import HomePage
from tests.support.pages.passkey_pages import (
    OPTIONS,
    USE,
    FingerprintSignInPage,
    Lock,
    asked_of_phone,
    challenges,
    enrolled_and_left,
    expect_asked,
    sleep,
    spied_on,
    with_lock,
)
from tests.support.world.running_app import Identity, RunningApp

WAITS, ENDED = ("conditional", "pending"), ("conditional", "AbortError")
FOUR_MINUTES_MS = 4 * 60 * 1000
FOLLOW = "Ikuti petunjuk di HP Anda."


@pytest.fixture
def person(running: RunningApp) -> Identity:
    return running.identity("ppu_active")


@pytest.fixture
def lock(page: Page) -> Lock:
    return with_lock(page)


def test_it_is_asked_anew_before_its_challenge_dies(page: Page, lock: Lock) -> None:
    page.clock.install()
    asked = challenges(page)
    FingerprintSignInPage(page).open()
    expect_asked(page, WAITS)
    page.clock.fast_forward(FOUR_MINUTES_MS - 2000)
    expect_asked(page, WAITS)
    assert len(asked) == 1
    with page.expect_response(OPTIONS):
        page.clock.fast_forward(3000)
    expect_asked(page, ENDED, WAITS)
    with page.expect_response(OPTIONS):
        page.clock.fast_forward(FOUR_MINUTES_MS + 1000)
    expect_asked(page, ENDED, ENDED, WAITS)
    assert len(asked) == 3


def test_a_phone_that_slept_asks_anew_when_it_wakes(page: Page, lock: Lock) -> None:
    page.clock.install()
    asked = challenges(page)
    FingerprintSignInPage(page).open()
    expect_asked(page, WAITS)
    sleep(page, timedelta(minutes=3, seconds=50))
    expect_asked(page, WAITS)
    assert len(asked) == 1
    with page.expect_response(OPTIONS):
        sleep(page, timedelta(seconds=15))
    expect_asked(page, ENDED, WAITS)
    assert len(asked) == 2


@pytest.mark.parametrize(("seconds", "times"), [(170, 1), (185, 2)])
def test_the_button_asks_anew_when_the_dialog_might_outlast_the_challenge(
    page: Page, lock: Lock, seconds: int, times: int
) -> None:
    page.clock.install()
    asked = challenges(page)
    form = FingerprintSignInPage(page).open()
    expect_asked(page, WAITS)
    sleep(page, timedelta(seconds=seconds), wakes=False)
    form.use()
    expect(form.said).to_have_text(FOLLOW)
    expect_asked(page, ENDED, ("tapped", "pending"))
    assert len(asked) == times


def test_nothing_is_asked_while_the_answer_is_on_its_way(
    page: Page, person: Identity, lock: Lock
) -> None:
    form = enrolled_and_left(page, person, lock)
    expect_asked(page, WAITS)
    sent = HeldBack(page, "**/masuk/biometrik")
    asked = challenges(page)
    with lock.in_hand():
        form.use()
        answer = sent.first()
    sleep(page, timedelta(0))
    expect_asked(page, ENDED, ("tapped", "answered"))
    answer.continue_()
    HomePage(page).expect_open(person)
    assert asked == []


def test_the_renewed_challenge_signs_in(page: Page, person: Identity, lock: Lock) -> None:
    enrolled_and_left(page, person, lock)
    page.clock.install()
    FingerprintSignInPage(page).open()
    expect_asked(page, WAITS)
    with lock.in_hand():
        page.clock.fast_forward(FOUR_MINUTES_MS + 1000)
        HomePage(page).expect_open(person)


def test_nothing_is_asked_for_a_page_that_is_gone(page: Page, lock: Lock) -> None:
    page.clock.install()
    asked = challenges(page)
    FingerprintSignInPage(page).open()
    expect_asked(page, WAITS)
    page.evaluate("() => document.querySelector('passkey-form').remove()")
    expect_asked(page, ENDED)
    page.clock.fast_forward(2 * FOUR_MINUTES_MS)
    assert len(asked) == 1


@pytest.mark.parametrize("moves", [True, False], ids=["moves", "takes out and puts in"])
def test_a_wrong_password_leaves_one_request_and_a_working_button(
    page: Page, person: Identity, lock: Lock, *, moves: bool
) -> None:
    if not moves:
        page.add_init_script("delete Element.prototype.moveBefore")
    form = enrolled_and_left(page, person, lock)
    expect_asked(page, WAITS)
    asked = challenges(page)
    for times in (1, 2):
        form.fill(person.nik, "bukan kata sandi").submit()
        expect(form.error_summary).to_contain_text("tidak cocok")
        expect(form.error_summary).to_be_focused()
        expect_asked(page, *[ENDED] * (0 if moves else times), WAITS)
    # The challenge is still valid, so no other is fetched.
    assert asked == []
    with lock.in_hand():
        form.use()
        HomePage(page).expect_open(person)


def test_a_wrong_captcha_leaves_the_request_as_it_is(
    page: Page, person: Identity, lock: Lock
) -> None:
    form = FingerprintSignInPage(page).open()
    expect_asked(page, WAITS)
    form.fill(person.nik, person.password, captcha="54321").submit()
    expect(form.captcha.digits).to_be_focused()
    expect_asked(page, WAITS)


def test_a_double_tap_asks_the_phone_once_and_the_server_not_again(page: Page, lock: Lock) -> None:
    form = FingerprintSignInPage(page).open()
    expect_asked(page, WAITS)
    asked = challenges(page)
    form.button(USE).dblclick()
    expect(form.said).to_have_text(FOLLOW)
    expect_asked(page, ENDED, ("tapped", "pending"))
    form.button(USE).click()
    # The button uses the challenge of the keyboard.
    assert asked == []
    assert len(asked_of_phone(page)) == 2


def test_after_a_failed_tap_the_keyboard_offers_it_again(page: Page, lock: Lock) -> None:
    form = FingerprintSignInPage(page).open()
    expect_asked(page, WAITS)
    with lock.in_hand(recognises=False):
        form.use()
        expect(form.said).not_to_have_text(FOLLOW)
        page.wait_for_function("() => asked.map(it => it.how)[2] === 'conditional'")


def test_the_offer_on_beranda_is_for_phones_with_a_lock(
    page: Page, new_phone: Phone, person: Identity, lock: Lock
) -> None:
    """Two phones of one account: the offer is shown and used up where there is a lock."""
    without = spied_on(new_phone().new_page())
    FingerprintSignInPage(without).open().sign_in(person)
    for _ in range(2):
        # It is not used up where it cannot be shown.
        without.context.clear_cookies(name="jkn")
        FingerprintSignInPage(without).open().sign_in(person)
    offer = without.get_by_text("Lain kali, masuk lebih cepat")
    expect(offer).to_be_attached()
    expect(offer).to_be_hidden()
    assert asked_of_phone(without) == []
    with page.expect_response("**/profil/biometrik/ditawarkan") as told:
        FingerprintSignInPage(page).open().sign_in(person)
        page.get_by_text("Lain kali, masuk lebih cepat").scroll_into_view_if_needed()
    assert told.value.status == 204
    page.context.clear_cookies(name="jkn")
    FingerprintSignInPage(page).open().sign_in(person)
    HomePage(page).expect_open(person)
    expect(page.get_by_text("Lain kali, masuk lebih cepat")).to_have_count(0)
