"""Fasilitas kesehatan, as `make screenshots` opens it."""

from datetime import date, timedelta

from playwright.sync_api import Page, expect
from sqlalchemy import update

from jkn.database import session, transaction
from jkn.models import Facility
from jkn.services.basics import clock
from tests.support.pages.page_objects import sign_in
from tests.support.screens.screens import Step, at
from tests.support.world.app_database import database_of
from tests.support.world.running_app import RunningApp

_CHANGED = "3276B003"
_LONGEST = "Klinik Pratama Perhimpunan Dokter Keluarga Sukmajaya Cilodong Nusantara Raya"


def let_be(running: RunningApp, *, name: str, open_until: date | None) -> None:
    """Change one facility of the sample world."""
    with database_of(running), transaction():
        changed = update(Facility).where(Facility.code == _CHANGED)
        session.execute(changed.values(name=name, open_until=open_until, phone="021-7770099"))


def _searched(page: Page, running: RunningApp) -> None:
    let_be(running, name=_LONGEST, open_until=None)
    page.context.clear_cookies(name="jkn")
    page.goto("/faskes?nama=kencana")


def _refused(page: Page, _running: RunningApp) -> None:
    page.goto("/faskes")
    button = page.get_by_role("button", name="Pakai lokasi saya")
    # Without JavaScript there is only the form.
    if button.is_visible():
        button.click()
        expect(page.get_by_role("status")).to_contain_text("Lokasi tidak diizinkan.")


def _closed(page: Page, running: RunningApp) -> None:
    let_be(running, name=_LONGEST, open_until=clock.today() - timedelta(days=1))
    page.goto(f"/faskes/{_CHANGED}")


def _near_home(page: Page, running: RunningApp) -> None:
    let_be(running, name=_LONGEST, open_until=None)
    sign_in(page, running.identity("ppu_active"))
    page.goto("/faskes")


STEPS: dict[str, Step] = {
    "c01-faskes-found": _searched,
    "c02-faskes-longest-name": at(f"/faskes/{_CHANGED}"),
    "c03-faskes-closed": _closed,
    "c04-faskes-nothing-found": at("/faskes?nama=zzz"),
    "c05-faskes-region": at("/faskes?wilayah=32.76.05"),
    "c06-faskes-unknown-region": at("/faskes?wilayah=99&nama=mekar"),
    "c07-faskes-refused": _refused,
    "c08-faskes": at("/faskes/3276P001"),
    "c09-faskes-near-home": _near_home,
}
