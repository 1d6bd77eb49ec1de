"""Work that repeats: when it is due, and what a failure leaves."""

import pytest
from sqlalchemy import text

from jkn.database import session, transaction
from jkn.models import SpentCaptcha
from jkn.services.operations import periodic
from tests.support.world.clock import Clock
from tests.support.world.collected_logs import collected_logs

pytestmark = pytest.mark.usefixtures("app")

PURGE = "retention.purge"
EACH_MINUTE = [it for it in periodic.WORK if it != PURGE]


def test_all_is_done_each_minute_but_deleting_every_ten(clock: Clock) -> None:
    assert periodic.run_due() == list(periodic.WORK)
    clock.advance(seconds=59)
    assert periodic.run_due() == []
    clock.advance(seconds=1)
    assert periodic.run_due() == EACH_MINUTE
    clock.advance(minutes=8, seconds=59)
    assert periodic.run_due() == EACH_MINUTE
    clock.advance(seconds=1)
    assert periodic.run_due() == [PURGE]


def test_work_that_fails_is_logged_and_holds_up_no_other(clock: Clock) -> None:
    with transaction():
        session.execute(text(f"DROP TABLE {SpentCaptcha.__tablename__}"))
    with collected_logs() as lines:
        assert periodic.run_due() == EACH_MINUTE
    for work in EACH_MINUTE:
        assert any("periodic_work_done" in it and work in it for it in lines), work
    (failed,) = [it for it in lines if "periodic_work_failed" in it]
    assert PURGE in failed
    assert periodic.run_due() == [], "it is tried again when it is due"
