"""The dialog before a session ends: real sessions, and a clock that the test moves."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.clients.chromium import await_service_worker, box_of
from tests.support.pages.page_objects import SignInPage, sign_in
from tests.support.world.app_database import let_sessions_age
from tests.support.world.running_app import Identity, RunningApp

ALMOST = timedelta(minutes=28, seconds=5)
ALMOST_MS = (28 * 60 + 1) * 1000


@pytest.fixture
def person(running: RunningApp) -> Identity:
    return running.identity("ppu_active")


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog")


def signed_in(page: Page, person: Identity, address: str = "/tampilan/mode-gelap") -> Page:
    page.clock.install()
    sign_in(page, person)
    page.goto(address)
    return page


def seconds_now(page: Page) -> float:
    """The time of the page's clock, in seconds as Python counts them."""
    return float(page.evaluate("() => Date.now()")) / 1000


def let_time_pass(page: Page, running: RunningApp, age: timedelta | None = None) -> None:
    """Almost half an hour, for the server and for the page."""
    let_sessions_age(running, ALMOST, age)
    page.clock.fast_forward(ALMOST_MS)


def test_one_tap_keeps_everything_as_it_was(
    page: Page, running: RunningApp, person: Identity
) -> None:
    signed_in(page, person)
    choice = page.get_by_role("radio", name="Terang")
    choice.check()
    choice.focus()
    expect(dialog(page)).to_have_count(0)
    let_time_pass(page, running)
    expect(dialog(page)).to_be_visible()
    expect(dialog(page)).to_contain_text("Anda otomatis keluar 1 menit")
    button = dialog(page).get_by_role("button", name="Tetap masuk")
    expect(button).to_be_focused()
    assert box_of(button)["height"] >= 56
    button.click()
    expect(dialog(page)).to_have_count(0)
    expect(choice).to_be_focused()
    expect(choice).to_be_checked()
    expect(page.locator("session-watch")).to_have_attribute("data-seconds", "1800")


def test_it_counts_down_and_speaks_seldom(
    page: Page, running: RunningApp, person: Identity
) -> None:
    signed_in(page, person)
    let_time_pass(page, running)
    spoken = dialog(page).get_by_role("status")
    expect(spoken).to_have_text("Anda otomatis keluar 2 menit lagi.")
    # From here on only the test moves the time; an answer of the server would bring the real time
    # back.
    page.evaluate(
        """() => {
          const watch = document.querySelector("session-watch");
          watch.ask = watch.take = () => {};
        }"""
    )
    page.clock.pause_at(seconds_now(page) + 30)
    page.evaluate(
        """() => {
          const watch = document.querySelector("session-watch");
          watch.lasts(119);
          watch.tick();
        }"""
    )
    page.clock.run_for(4000)
    expect(dialog(page)).to_contain_text("keluar 1 menit 55 detik lagi")
    expect(spoken).to_have_text("Anda otomatis keluar 2 menit lagi.")
    page.clock.run_for(60_000)
    expect(dialog(page)).to_contain_text("keluar 55 detik lagi")
    expect(spoken).to_have_text("Anda otomatis keluar 1 menit lagi.")
    page.clock.run_for(39_000)
    expect(spoken).to_have_text("Anda otomatis keluar 20 detik lagi.")


def test_when_time_is_over_nothing_private_stays(
    page: Page, running: RunningApp, person: Identity
) -> None:
    signed_in(page, person, "/profil")
    let_time_pass(page, running)
    expect(dialog(page)).to_be_visible()
    let_sessions_age(running, timedelta(minutes=31))
    page.clock.fast_forward(125_000)
    page.wait_for_url("**/masuk")
    expect(page.get_by_role("status")).to_contain_text("Akun Anda keluar otomatis")
    SignInPage(page).fill(person.nik, person.password).submit()
    page.wait_for_url("**/profil")


def test_a_phone_that_slept_through_it_leaves_at_once(
    page: Page, running: RunningApp, person: Identity
) -> None:
    signed_in(page, person, "/profil")
    let_sessions_age(running, timedelta(hours=2))
    # The clock goes on while timers stand still.
    page.clock.set_system_time(seconds_now(page) + 2 * 60 * 60)
    loads: list[str] = []
    page.on("request", lambda it: loads.append(it.url) if it.is_navigation_request() else None)
    page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_url("**/masuk")
    assert [urlsplit(it).path for it in loads] == ["/profil", "/masuk"], "it left once"


@pytest.mark.service_worker
def test_without_a_network_the_end_hides_the_page_all_the_same(
    page: Page, running: RunningApp, person: Identity
) -> None:
    signed_in(page, person, "/profil")
    await_service_worker(page)
    page.context.set_offline(True)
    page.clock.fast_forward(31 * 60 * 1000)
    expect(page.get_by_role("heading", level=1)).to_have_text("Tidak ada sambungan internet")


def test_what_was_done_in_another_tab_closes_it(
    page: Page, running: RunningApp, person: Identity
) -> None:
    signed_in(page, person)
    let_time_pass(page, running)
    expect(dialog(page)).to_be_visible()
    other = page.context.new_page()
    other.goto("/profil")
    page.clock.run_for(21_000)
    expect(dialog(page)).to_have_count(0)
    assert page.url.endswith("/tampilan/mode-gelap")


def test_escape_closes_it_and_prolongs_nothing(
    page: Page, running: RunningApp, person: Identity
) -> None:
    signed_in(page, person, "/profil")
    let_time_pass(page, running)
    expect(dialog(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog(page)).to_have_count(0)
    let_sessions_age(running, timedelta(minutes=31))
    page.clock.fast_forward(125_000)
    page.wait_for_url("**/masuk")


@pytest.mark.service_worker
def test_a_network_that_fails_is_said_in_the_dialog(
    page: Page, running: RunningApp, person: Identity
) -> None:
    signed_in(page, person)
    let_time_pass(page, running)
    button = dialog(page).get_by_role("button", name="Tetap masuk")
    expect(button).to_be_visible()
    page.context.set_offline(True)
    button.click()
    expect(dialog(page).get_by_role("alert")).to_contain_text("Waktu masuk belum ditambah")
    page.context.set_offline(False)
    button.click()
    expect(dialog(page)).to_have_count(0)


def test_after_twelve_hours_no_extension_is_offered(
    page: Page, running: RunningApp, person: Identity
) -> None:
    signed_in(page, person)
    let_time_pass(page, running, age=timedelta(hours=11, minutes=58, seconds=5))
    expect(dialog(page)).to_contain_text("Waktu ini tidak bisa ditambah")
    expect(dialog(page).get_by_role("button", name="Tetap masuk")).to_have_count(0)
    dialog(page).get_by_role("button", name="Mengerti").click()
    expect(dialog(page)).to_have_count(0)


def test_keluar_sekarang_leads_to_keluar(page: Page, running: RunningApp, person: Identity) -> None:
    signed_in(page, person)
    let_time_pass(page, running)
    dialog(page).get_by_role("link", name="Keluar sekarang").click()
    page.wait_for_url("**/keluar")
