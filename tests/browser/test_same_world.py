"""Every walk in this folder begins with the same data, whatever the one before has done."""

import fcntl

from playwright.sync_api import Browser, Page, expect
from sqlalchemy import func, select

from jkn.database import session
from jkn.models import SignInSession
from tests.browser.conftest import Server, with_other_settings
from tests.support.clients.chromium import phone
from tests.support.gateways.http_stub import Exchange, HttpStub
from tests.support.gateways.registry_answers import body_of, record
from tests.support.pages.page_objects import sign_in
from tests.support.pages.registration_pages import NEW_USER, Claim, RegistrationPages
from tests.support.world.app_database import database_of
from tests.support.world.running_app import RunningApp
from tests.support.world.saved_world import door_of


def sessions_of(running: RunningApp) -> int:
    with database_of(running):
        return session.scalar(select(func.count()).select_from(SignInSession)) or 0


def test_what_one_walk_did_the_next_does_not_find(
    page: Page, server: Server, running: RunningApp
) -> None:
    assert sessions_of(running) == 0
    sign_in(page, running.identity("ppu_active"))
    assert sessions_of(running) == 1
    with server.walked():
        assert sessions_of(running) == 0


@with_other_settings
def test_the_world_is_not_changed_under_a_request(
    browser: Browser, registry: HttpStub, asking: RunningApp
) -> None:
    found = []

    def look(exchange: Exchange) -> None:
        with door_of(asking.folder).open("a") as door:
            try:
                fcntl.flock(door, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                found.append("waits")
        known = record(NIK="3276015503900005", NAMA_LGKP="SITI AMINAH", TGL_LHR="1990-03-15")
        exchange.answer(200, body_of(known))

    registry.behave = look
    with phone(browser, asking.url) as context:
        steps = RegistrationPages(context.new_page()).open().choose(NEW_USER)
        steps.claim(Claim("3276015503900005", "Siti Aminah", "15", "Maret", "1990"))
        expect(steps.heading).to_have_text("Berapa nomor HP Anda?")
    assert found == ["waits"]
