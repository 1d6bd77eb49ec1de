"""Most tests sign in by `sign_in_steps.sign_in`, which leaves the pages of Masuk out."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from jkn.database import session
from jkn.models import (
    Account,
    AuditEvent,
    KnownDevice,
    Notification,
    PasskeyOffer,
    SignInSession,
)
from tests.support.clients.page_client import PageClient
from tests.support.steps.sign_in_steps import sign_in, try_to_sign_in
from tests.support.world.factories import make_account


@pytest.mark.parametrize("failed_before", [False, True])
def test_the_helper_leaves_the_same_state_as_the_form(
    client: PageClient, failed_before: bool
) -> None:
    def state_after(enter: Callable[[PageClient, Account], object]) -> object:
        browser, account = client.another(), make_account()
        if failed_before:
            try_to_sign_in(browser, account.nik, "bukan ini")
        enter(browser, account)
        written = select(AuditEvent.kind).where(AuditEvent.account_id == account.id)
        kept = [
            session.scalar(select(func.count()).where(it.account_id == account.id))
            for it in (SignInSession, KnownDevice, PasskeyOffer, Notification)
        ]
        return list(session.scalars(written)), kept, sorted(browser.cookies.values), browser.url

    by_form = state_after(lambda browser, account: try_to_sign_in(browser, account.nik))
    assert state_after(sign_in) == by_form
