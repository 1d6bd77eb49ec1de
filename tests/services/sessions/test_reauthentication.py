"""Recent authentication: the password given once more (security.md R49)."""

import pytest
from sqlalchemy import select, text

from jkn.database import session
from jkn.models import FailureCounter
from jkn.services.basics.outcomes import Outcome
from jkn.services.credentials.passwords import hash_password
from jkn.services.sessions.reauthentication import reauthenticate
from jkn.services.sessions.sessions import resume
from tests.support.calls.sign_in_calls import CLIENT, entered
from tests.support.world.connected import ConnectedDatabase
from tests.support.world.factories import PASSWORD, make_account

pytestmark = pytest.mark.usefixtures("database")


def test_a_password_changed_after_its_hash_was_read_confirms_nothing(
    database: ConnectedDatabase,
) -> None:
    token = entered(make_account().nik)
    record, new_hash = resume(token), hash_password("kata sandi yang baru")
    assert record is not None
    session.expunge_all()
    session.rollback()
    with database.engine.begin() as other:
        other.execute(text("UPDATE accounts SET password_hash = :it"), {"it": new_hash})
    assert reauthenticate(record, PASSWORD, CLIENT) is Outcome.SIGNED_OUT
    assert resume(token) is not None, "the session got another token all the same"


def test_a_session_that_ended_meanwhile_costs_no_attempt(database: ConnectedDatabase) -> None:
    token = entered(make_account().nik)
    record = resume(token)
    assert record is not None
    session.expunge_all()
    session.rollback()
    with database.engine.begin() as other:
        other.execute(text("UPDATE sign_in_sessions SET ended_at = last_used_at"))
    assert reauthenticate(record, PASSWORD, CLIENT) is Outcome.SIGNED_OUT
    assert set(session.scalars(select(FailureCounter.failures))) <= {0}
