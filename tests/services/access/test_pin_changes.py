"""The channel of the code by which a PIN is made (security.md R26, R41)."""

from datetime import timedelta

import pytest

from jkn.models import Channel
from jkn.services.access.pin_changes import channel_of
from tests.support.world.clock import BEGINNING
from tests.support.world.factories import make_account, make_participant, new_email, new_phone

pytestmark = pytest.mark.usefixtures("database")

LATER = BEGINNING + timedelta(hours=1)


@pytest.mark.parametrize(
    ("is_new", "has_email", "is_recorded", "expected"),
    [
        (False, True, True, Channel.SMS),
        (False, False, False, Channel.SMS),
        (True, True, True, Channel.EMAIL),
        (True, False, True, Channel.SMS),
        (True, False, False, None),
    ],
)
def test_a_new_phone_is_passed_over_for_the_email_or_the_recorded_one(
    is_new: bool, has_email: bool, is_recorded: bool, expected: Channel | None
) -> None:
    account = make_account(
        make_participant(phone=new_phone() if is_recorded else None),
        phone=new_phone(),
        email=new_email() if has_email else None,
        phone_new_until=LATER if is_new else None,
    )
    assert channel_of(account) is expected
