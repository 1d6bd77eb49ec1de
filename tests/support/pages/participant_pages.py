"""Info Peserta in Chromium."""

from playwright.sync_api import Page, expect
from sqlalchemy import update

from jkn.database import session, transaction
from jkn.models import ChangeState, MemberChange
from jkn.services.basics import clock
from tests.support.pages.page_objects import Screen
from tests.support.world.app_database import database_of
from tests.support.world.running_app import RunningApp


def as_if_nothing_was_cancelled(running: RunningApp) -> None:
    """Let the changes wait again whose day has not come."""
    with database_of(running), transaction():
        session.execute(
            update(MemberChange)
            .where(
                MemberChange.state == ChangeState.CANCELLED,
                MemberChange.effective_on > clock.today(),
            )
            .values(state=ChangeState.PENDING, ended_at=None)
        )


class ParticipantPages(Screen):
    """The list, a member, and the question before a change is cancelled."""

    def open_member(self, name: str) -> "ParticipantPages":
        """From the list to somebody's page."""
        self.page.goto("/peserta")
        self.page.get_by_role("link", name=name).click()
        expect(self.heading).to_have_text(name)
        return self

    def ask_to_cancel(self) -> "ParticipantPages":
        """From the member's page to the question."""
        self.page.get_by_role("link", name="Batalkan perubahan").click()
        expect(self.heading).to_have_text("Batalkan perubahan?")
        return self

    def cancel(self) -> "ParticipantPages":
        """Answer the question."""
        self.page.get_by_role("button", name="Batalkan perubahan").click()
        expect(self.page.get_by_role("status")).to_contain_text("Perubahan sudah dibatalkan")
        return self


def info_of(page: Page, name: str) -> ParticipantPages:
    """Somebody's page."""
    return ParticipantPages(page).open_member(name)
