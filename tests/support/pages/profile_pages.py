"""Profil and the pages below it, found by role and words."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import Locator, expect
from sqlalchemy import delete, select, update

from jkn.database import session, transaction
from jkn.models import Account, PinChange, SignInSession, SimulatedMessage
from jkn.services.audit.audit_log import Client
from jkn.services.basics import clock
from jkn.services.sessions import sessions
from tests.support.pages.captcha_part import CaptchaPart
from tests.support.pages.page_objects import Screen
from tests.support.world.app_database import database_of
from tests.support.world.recovery_world import begin_anew, newest_message
from tests.support.world.running_app import RunningApp

PIN, OTHER_PIN = "482915", "730264"


class ProfilePage(Screen):
    """Profil."""

    def open(self) -> ProfilePage:
        """By the bar at the bottom."""
        self.link("Profil").click()
        expect(self.heading).to_have_text("Profil")
        return self

    @property
    def person(self) -> Locator:
        """The card of the person."""
        return self.page.get_by_role("region", name="Data Anda")

    def row(self, title: str) -> Locator:
        """A row that leads somewhere, by the words it begins with."""
        return self.page.get_by_role("main").get_by_role("link", name=title)

    @property
    def remembers(self) -> Locator:
        """The switch that keeps the number on this phone."""
        return self.page.get_by_role("switch", name="Simpan Data Username")

    def remember(self, *, on: bool) -> ProfilePage:
        """Tap it, and wait until it says so."""
        self.remembers.click()
        expect(self.remembers).to_be_checked(checked=on)
        expect(self.remembers).to_contain_text("Menyala" if on else "Mati")
        return self

    def to_new_pin(self, running: RunningApp, password: str) -> None:
        """From Buat PIN or Lupa PIN as far as the new PIN, with the code that arrives."""
        begin_anew(running)
        # Delete codes of earlier walks, so that the newest message holds the right one.
        with database_of(running), transaction():
            session.execute(delete(SimulatedMessage))
        self.page.get_by_label("Kata sandi akun", exact=True).fill(password)
        self.button("Kirim kode").click()
        self.page.wait_for_url("**/profil/pin/kode")
        code = newest_message(running, "sms", "Kode JKN").code
        self.page.get_by_label("Kode 6 angka").fill(code)
        self.button("Lanjut").click()
        self.page.wait_for_url("**/profil/pin/baru")

    def set_pin(self, pin: str, again: str | None = None) -> None:
        """The last step."""
        self.page.get_by_label("PIN baru", exact=True).fill(pin)
        self.page.get_by_label("Ulangi PIN baru").fill(pin if again is None else again)
        self.button("Simpan PIN").click()

    def give_pin(self, label: str, pin: str, button: str) -> None:
        """Answer a page that asks for the present PIN."""
        self.page.get_by_label(label, exact=True).fill(pin)
        self.button(button).click()

    def change_password(self, old: str, new: str, captcha: str | None = None) -> None:
        """Fill Ubah Kata Sandi and send it."""
        CaptchaPart(self.page).answer(captcha)
        self.page.get_by_label("Kata sandi lama", exact=True).fill(old)
        self.page.get_by_label("Kata sandi baru", exact=True).fill(new)
        self.page.get_by_label("Ulangi kata sandi baru").fill(new)
        self.button("Simpan").click()


def forget_pins(running: RunningApp) -> None:
    """As if nobody had ever chosen one."""
    with database_of(running), transaction():
        session.execute(update(Account).values(pin_hash=None))
        session.execute(delete(PinChange))


def close_pins(running: RunningApp) -> None:
    """As if everybody had typed a wrong one too often."""
    with database_of(running), transaction():
        session.execute(update(Account).values(pin_hash=""))


def open_elsewhere(running: RunningApp, nik: str) -> None:
    """Add a session, as if this person had also signed in on a computer."""
    with database_of(running), transaction():
        account = next(it for it in session.scalars(select(Account)) if it.nik == nik)
        sessions.open_session(account, Client("203.0.113.7", "Firefox/143.0 Windows"))


def signed_in_for(running: RunningApp, minutes: int) -> None:
    """Make every session this old."""
    with database_of(running), transaction():
        since = clock.now() - timedelta(minutes=minutes)
        session.execute(update(SignInSession).values(started_at=since, confirmed_at=None))
