"""Signed-in sessions (security.md R45, R47, trap T1)."""

import base64
import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from jkn.database import session
from jkn.models import SessionEnd, SignInSession
from jkn.services.audit.audit_log import LONGEST_USER_AGENT, Client
from jkn.services.basics import clock as service_clock
from jkn.services.sessions.sessions import end, resume
from tests.support.calls.sign_in_calls import CLIENT, enter, entered, recorded
from tests.support.world.at_once import at_once
from tests.support.world.clock import Clock
from tests.support.world.connected import ConnectedDatabase
from tests.support.world.factories import make_account
from tests.support.world.queries import QueryCounter

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.both_databases]


def opened() -> str:
    """The token of a new session of a new account."""
    return entered(make_account().nik)


def seen(token: str) -> SignInSession | None:
    """The session that the next request with this token finds."""
    session.remove()
    return resume(token)


def record_of(token: str) -> SignInSession:
    found = seen(token)
    assert found is not None
    return found


def test_a_token_brings_its_session_and_account_back(queries: QueryCounter) -> None:
    account = make_account()
    token = entered(account.nik)
    session.remove()
    with queries.at_most(1):
        record = resume(token)
        assert record is not None
        assert record.account.name == account.name
    assert record.account_id == account.id


def test_a_token_is_long_and_random() -> None:
    tokens = {opened() for _ in range(5)}
    assert len(tokens) == 5
    assert all(len(base64.urlsafe_b64decode(f"{it}=")) == 32 for it in tokens)


def test_only_a_digest_of_the_token_is_kept(database: ConnectedDatabase) -> None:
    token = opened()
    with database.engine.connect() as connection:
        (row,) = connection.execute(text("SELECT * FROM sign_in_sessions")).mappings()
        events = connection.execute(text("SELECT * FROM security_events")).all()
    assert bytes(row["token_digest"]) == hashlib.sha256(token.encode()).digest()
    assert token not in str(dict(row)) + str(events)
    assert token.encode() not in b"".join(it for it in row.values() if isinstance(it, bytes))


def test_reading_the_table_does_not_help_to_sign_in(database: ConnectedDatabase) -> None:
    opened()
    digest = session.scalars(select(SignInSession.token_digest)).one()
    for stolen in (
        digest.hex(),
        base64.urlsafe_b64encode(digest).decode(),
        base64.urlsafe_b64encode(digest).decode().rstrip("="),
        digest.decode("latin-1"),
        "1",
    ):
        assert seen(stolen) is None


@pytest.mark.parametrize("token", ["", " ", "x", "a" * 43, "é" * 43, "\x00", "a" * 100_000])
def test_a_token_that_nobody_gave_out_opens_nothing(token: str) -> None:
    opened()
    assert seen(token) is None


def test_half_an_hour_without_a_request_ends_a_session(clock: Clock) -> None:
    in_time, too_late = opened(), opened()
    clock.advance(minutes=29, seconds=59)
    assert seen(in_time) is not None
    clock.advance(seconds=1)
    assert seen(too_late) is None
    assert seen(in_time) is not None, "a request does not prolong the session"


def test_every_request_gives_half_an_hour_more(clock: Clock) -> None:
    token = opened()
    for _ in range(3):
        clock.advance(minutes=29, seconds=59)
        assert seen(token) is not None
    clock.advance(minutes=30, seconds=1)
    assert seen(token) is None


def test_no_session_lives_longer_than_twelve_hours(clock: Clock) -> None:
    token = opened()
    for _ in range(24):
        clock.advance(minutes=29, seconds=59)
        assert seen(token) is not None
    clock.advance(seconds=23)
    assert seen(token) is not None, "11:59:59 after the beginning"
    clock.advance(seconds=2)
    assert seen(token) is None


def test_a_session_that_ran_out_does_not_come_back(clock: Clock) -> None:
    token = opened()
    clock.advance(minutes=31)
    assert seen(token) is None
    assert seen(token) is None


def test_being_used_is_written_once_a_minute_at_most(clock: Clock, queries: QueryCounter) -> None:
    token = opened()

    def writes() -> int:
        session.remove()
        with queries.counted() as statements:
            assert resume(token) is not None
        return sum(it.startswith("UPDATE") for it in statements)

    assert writes() == 0
    clock.advance(seconds=59)
    assert writes() == 0
    clock.advance(seconds=1)
    assert writes() == 1
    assert writes() == 0
    assert record_of(token).last_used_at == service_clock.now()
    clock.advance(minutes=10)
    assert [writes(), writes()] == [1, 0]
    started_at = record_of(token).started_at
    assert started_at == service_clock.now() - timedelta(minutes=11)


def test_when_its_use_was_noted_it_still_leads_to_the_person_behind_it(clock: Clock) -> None:
    token = opened()
    clock.advance(minutes=1)
    assert record_of(token).account.participant is not None


def test_an_ended_session_is_dead_whoever_holds_a_copy() -> None:
    token = opened()
    end(record_of(token).id, CLIENT)
    assert seen(token) is None
    assert resume(token) is None


def test_an_end_is_kept_with_its_time_and_reason(clock: Clock) -> None:
    token = opened()
    session_id = record_of(token).id
    clock.advance(minutes=7)
    end(session_id, CLIENT)
    session.remove()
    record = session.get_one(SignInSession, session_id)
    assert record.ended_at == service_clock.now()
    assert record.ended_by is SessionEnd.SIGN_OUT


def test_ending_twice_changes_nothing_more(clock: Clock) -> None:
    token = opened()
    session_id = record_of(token).id
    end(session_id, CLIENT)
    before = recorded()
    first_end = session.get_one(SignInSession, session_id).ended_at
    clock.advance(minutes=5)
    end(session_id, CLIENT)
    session.remove()
    assert session.get_one(SignInSession, session_id).ended_at == first_end
    assert recorded() == before


def test_only_one_of_many_who_end_a_session_ends_it() -> None:
    token = opened()
    session_id = record_of(token).id
    at_once(12, lambda _: end(session_id, CLIENT))
    assert [kind for kind, _, _ in recorded()].count("session_ended") == 1


def test_ending_what_does_not_exist_does_no_harm() -> None:
    token = opened()
    end(record_of(token).id + 1000, CLIENT)
    assert seen(token) is not None
    assert "session_ended" not in [kind for kind, _, _ in recorded()]


def test_ending_one_session_leaves_every_other_alive() -> None:
    account = make_account()
    here, elsewhere = entered(account.nik), entered(account.nik)
    somebody_elses = opened()
    end(record_of(here).id, CLIENT)
    assert seen(here) is None
    assert seen(elsewhere) is not None
    assert seen(somebody_elses) is not None


def test_a_session_ended_while_it_was_resumed_stays_dead(clock: Clock) -> None:
    """Noting its use must not make it live again."""
    token = opened()
    session_id = record_of(token).id
    clock.advance(minutes=5)
    outcomes = at_once(12, lambda number: end(session_id, CLIENT) if number == 0 else resume(token))
    assert outcomes[0] is None
    assert seen(token) is None


def test_a_browsers_name_is_kept_only_so_far() -> None:
    endless = Client("2001:db8::7", "Mozilla/5.0 " * 10_000)
    token = enter(make_account().nik, client=endless)
    assert record_of(str(token)).user_agent == endless.user_agent[:LONGEST_USER_AGENT]
