"""What a freeze closes (security.md R26)."""

import pytest

from jkn.database import session, transaction
from jkn.models import Account
from jkn.services.access import account_freeze, pins
from jkn.services.access.pins import PinState
from tests.support.calls.sign_in_calls import CLIENT
from tests.support.world.factories import make_account

pytestmark = pytest.mark.usefixtures("database")


@pytest.mark.parametrize(
    ("pin_hash", "state"), [(None, PinState.NONE), ("a hash", PinState.CLOSED)]
)
def test_a_freeze_closes_the_password_and_the_pin_where_there_is_one(
    pin_hash: str | None, state: PinState
) -> None:
    account_id = make_account(pin_hash=pin_hash).id
    with transaction():
        account = session.get_one(Account, account_id)
        account_freeze.close(account, CLIENT, gives_phone_back=False)
    session.expire_all()
    frozen = session.get_one(Account, account_id)
    assert frozen.frozen_at is not None
    assert (frozen.password_hash, pins.state_of(frozen)) == ("", state)
