"""How much a new password opens depends on how the person proved who they are."""

import pytest
from sqlalchemy import text

from jkn.database import session, transaction
from jkn.models import Account
from jkn.services.basics.outcomes import Outcome
from jkn.services.messaging import account_channels
from jkn.services.sessions import limited_mode
from tests.support.calls.recovery_calls import choose, proved
from tests.support.world.clock import BEGINNING
from tests.support.world.factories import make_account

pytestmark = pytest.mark.usefixtures("database")

CHOSEN = "+6285400009999"


@pytest.mark.parametrize(
    ("method", "opens_all"),
    [("sms", True), ("email", True), ("questions", False), ("of_tomorrow", False)],
)
def test_an_unknown_recovery_method_opens_no_more_than_answers_do(
    method: str, *, opens_all: bool
) -> None:
    account = make_account()
    account_id, attempt = account.id, proved(account.nik)
    with transaction():
        session.execute(text("UPDATE recovery_attempts SET method = :method"), {"method": method})
        session.execute(text("UPDATE accounts SET frozen_at = created_at"))
    session.remove()
    assert choose(attempt) is Outcome.DONE
    session.remove()
    changed = session.get_one(Account, account_id)
    assert limited_mode.is_limited(changed) is not opens_all
    assert (changed.frozen_at is None) is opens_all


@pytest.mark.parametrize(
    ("phone", "waits", "comes_back"),
    [(CHOSEN, True, False), (None, True, True)],
)
def test_only_an_account_that_waits_and_lost_its_phone_gets_the_recorded_one(
    phone: str | None, *, waits: bool, comes_back: bool
) -> None:
    """A freeze took a stranger's phone away, so the code went where the membership record says."""
    account = make_account(phone=phone, unconfirmed_since=BEGINNING if waits else None)
    account_id, attempt = account.id, proved(account.nik)
    recorded = account_channels.recorded_phone(account)
    assert recorded not in (None, phone)
    assert choose(attempt) is Outcome.DONE
    session.remove()
    assert session.get_one(Account, account_id).phone == (recorded if comes_back else phone)
