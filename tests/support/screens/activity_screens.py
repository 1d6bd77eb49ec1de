"""Riwayat aktivitas akun, as `make screenshots` opens it."""

from datetime import timedelta

from playwright.sync_api import Page, expect
from sqlalchemy import insert, select

from jkn.database import blind_index, session, transaction
from jkn.models import Account, AuditEvent, EventKind
from jkn.services.basics import clock
from tests.support.pages.page_objects import sign_in
from tests.support.screens.screens import Step
from tests.support.world.app_database import database_of
from tests.support.world.running_app import RunningApp

_PERSON = "name_of_60_letters"
_COUNTED = {EventKind.AUTHN_LOGIN_FAIL_MAX, EventKind.AUTHN_LOGIN_LOCK}
_BROWSERS = (
    "Mozilla/5.0 (Linux; Android 10; K) Chrome/140.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) SamsungBrowser/23.0",
)


def let_everything_happen(running: RunningApp, persona: str) -> None:
    """One event of every kind in this person's past, four a day."""
    with database_of(running), transaction():
        digests = blind_index("accounts.nik", running.identity(persona).nik)
        owner = session.scalars(select(Account.id).where(Account.nik_index.in_(digests))).one()
        rows = [
            {
                "account_id": owner,
                "kind": kind,
                "count": 100 if kind in _COUNTED else None,
                "happened_at": clock.now() - timedelta(hours=6 * (len(EventKind) - number)),
                "source": "203.0.113.7",
                "user_agent": _BROWSERS[number % len(_BROWSERS)],
            }
            for number, kind in enumerate(EventKind)
        ]
        session.execute(insert(AuditEvent), rows)


def _activity(page: Page, running: RunningApp) -> None:
    let_everything_happen(running, _PERSON)
    page.context.clear_cookies(name="jkn")
    sign_in(page, running.identity(_PERSON))
    page.goto("/profil/aktivitas")


def _further_down(page: Page, _running: RunningApp) -> None:
    more = page.get_by_role("link", name="Tampilkan yang lebih lama")
    leads_to = more.get_attribute("href")
    more.click()
    expect(page.locator(f"a[href='{leads_to}']")).to_have_count(0)


STEPS: dict[str, Step] = {
    "28-aktivitas": _activity,
    "29-aktivitas-further-down": _further_down,
}
