"""PINs that are tried, chosen and used at the same moment, on both databases (R43, R46, R94)."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from jkn.database import session, transaction
from jkn.models import (
    Account,
    EventKind,
    FailureCounter,
    OutboxMessage,
    PinChange,
    SessionEnd,
    SignInSession,
)
from jkn.services.access import pin_changes, pins
from jkn.services.access.pin_changes import BegunPinChange
from jkn.services.access.pins import PinRefusal, PinState, WrongPin
from jkn.services.basics import clock
from jkn.services.journeys import journeys
from jkn.services.sessions import sessions, step_up
from jkn.services.sessions.sessions import RotatedToken, resume
from jkn.services.throttling import failure_counters
from tests.support.calls.purge_calls import purged
from tests.support.calls.sign_in_calls import CLIENT, entered, recorded
from tests.support.world.at_once import at_once
from tests.support.world.clock import Clock
from tests.support.world.connected import bind_changed
from tests.support.world.factories import PASSWORD, make_account

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.both_databases]

PIN, OTHER_PIN = "482915", "730264"


@pytest.fixture(autouse=True)
def _room_for_everybody(settings: object) -> None:
    # These tests try the counting, so the bulkhead before it lets everybody through.
    bind_changed(web_threads=80, argon2_cost="safe")


def with_pin() -> tuple[int, str]:
    """The id of an account that has a PIN, and the token of a session of it."""
    account = make_account()
    token = entered(account.nik)
    with transaction():
        session.get_one(Account, account.id).pin_hash = pins.hashed(PIN)
    return account.id, token


def record_of(token: str) -> SignInSession:
    session.remove()
    record = resume(token)
    assert record is not None
    return record


def kinds() -> list[str]:
    return [kind for kind, _, _ in recorded()]


def test_only_ten_of_thirty_simultaneous_wrong_pins_are_judged() -> None:
    account_id, token = with_pin()
    outcomes = at_once(30, lambda _: pins.begin_step_up(record_of(token), OTHER_PIN, CLIENT))
    looked_at = kinds().count(EventKind.AUTHN_PIN_FAIL)
    assert looked_at == pins.MOST_WRONG
    assert sum(isinstance(it, WrongPin) for it in outcomes) < pins.MOST_WRONG
    assert kinds().count(EventKind.AUTHN_PIN_FAIL_MAX) == 1
    session.remove()
    assert session.get_one(Account, account_id).pin_hash == ""
    assert pins.begin_step_up(record_of(token), PIN, CLIENT) is pins.PinRefusal.CLOSED


def test_two_sessions_and_two_pages_share_one_count_of_wrong_pins() -> None:
    _, token = with_pin()
    other = entered(record_of(token).account.nik)
    for number in range(9):
        record = record_of(token if number % 2 else other)
        if number % 3:
            outcome: object = pins.begin_step_up(record, OTHER_PIN, CLIENT)
        else:
            outcome = pin_changes.begin_by_pin(record.account, OTHER_PIN, CLIENT)
        assert outcome == WrongPin(9 - number)


def test_the_count_outlives_a_restart_and_many_weeks(clock: Clock) -> None:
    _, token = with_pin()
    nik = record_of(token).account.nik
    for _ in range(9):
        pins.begin_step_up(record_of(token), OTHER_PIN, CLIENT)
    session.remove()
    clock.advance(days=80)
    assert pins.begin_step_up(record_of(entered(nik)), OTHER_PIN, CLIENT) is pins.PinRefusal.CLOSED


def test_a_closed_pin_stays_closed_when_its_counter_is_deleted() -> None:
    _, token = with_pin()
    for _ in range(10):
        pins.begin_step_up(record_of(token), OTHER_PIN, CLIENT)
    with transaction():
        for row in session.scalars(select(FailureCounter)):
            session.delete(row)
    assert pins.begin_step_up(record_of(token), PIN, CLIENT) is pins.PinRefusal.CLOSED


def test_only_one_of_many_simultaneous_right_pins_rotates_the_token() -> None:
    _, token = with_pin()
    record_ids = [record_of(token).id] * 8

    def unlock(number: int) -> object:
        record = session.get_one(SignInSession, record_ids[number])
        return pins.begin_step_up(record, PIN, CLIENT)

    outcomes = at_once(8, unlock)
    tokens = {it.token for it in outcomes if isinstance(it, RotatedToken)}
    session.remove()
    assert sum(resume(it) is not None for it in tokens) == 1, "one token lives, all others are dead"
    assert resume(token) is None


def test_only_one_of_many_simultaneous_last_steps_makes_the_pin() -> None:
    _, token = with_pin()
    begun = pin_changes.begin_by_pin(record_of(token).account, PIN, CLIENT)
    assert isinstance(begun, BegunPinChange)

    def choose(number: int) -> object:
        record = session.scalars(select(SignInSession)).one()
        change = session.scalars(select(PinChange)).one()
        return pin_changes.choose(change, record.account, record.id, f"48291{number}", CLIENT)

    outcomes = at_once(6, choose)
    assert sum(isinstance(it, RotatedToken) for it in outcomes) == 1
    session.remove()
    changed = [it for it in session.scalars(select(OutboxMessage)) if it.topic == "pin_changed"]
    assert len(changed) == 2, "one SMS and one e-mail"
    assert kinds().count(EventKind.AUTHN_PIN_CHANGE) == 1


def test_no_pin_is_made_before_the_code_was_given() -> None:
    account_id, token = with_pin()
    record = record_of(token)
    begun = pin_changes.begin(record.account, record.id, PASSWORD, CLIENT, None)
    assert isinstance(begun, BegunPinChange)
    change = session.scalars(select(PinChange)).one()
    outcome = pin_changes.choose(change, record.account, record.id, OTHER_PIN, CLIENT)
    assert outcome is pin_changes.PinChangeRefusal.OVER
    session.remove()
    assert pins.is_same(session.get_one(Account, account_id).pin_hash, PIN)


def test_a_pin_that_changed_meanwhile_opens_nothing() -> None:
    account_id, token = with_pin()
    record = record_of(token)
    proved = pins.verify(record.account, PIN, CLIENT)
    assert isinstance(proved, pins.ProvedPin)
    with transaction():
        session.get_one(Account, account_id).pin_hash = pins.hashed(OTHER_PIN)
    assert pins._begin_step_up(proved, record.id, CLIENT) is pins.PinRefusal.OVER
    assert not step_up.is_open(record_of(token))


def choose_while(meanwhile: Callable[[int], object]) -> Account:
    """Choose a PIN, and let something happen to the account while it is hashed. The PIN must not be
    made. Returns the account as it is afterwards."""
    account_id, token = with_pin()
    record = record_of(token)
    begun = pin_changes.begin_by_pin(record.account, PIN, CLIENT)
    assert isinstance(begun, BegunPinChange)
    change = journeys.find(PinChange, begun.token, record.account_id)
    assert change is not None
    session_id = record.id
    old_hash = session.get_one(Account, account_id).pin_hash
    chosen = pins.hashed(OTHER_PIN)
    with transaction():
        meanwhile(account_id)
    outcome = pin_changes._take_up(change, account_id, old_hash, session_id, chosen, CLIENT)
    assert outcome is pin_changes.PinChangeRefusal.OVER
    assert EventKind.AUTHN_PIN_CHANGE not in kinds()
    session.remove()
    account = session.get_one(Account, account_id)
    assert account.pin_hash != chosen
    return account


def close_pin(account_id: int) -> None:
    session.get_one(Account, account_id).pin_hash = ""


def test_no_pin_is_made_in_a_session_that_ended_meanwhile() -> None:
    account = choose_while(lambda it: sessions.end_all(it, SessionEnd.FREEZE, CLIENT))
    assert account.pin_hash, "the one before it is still there"


def test_no_pin_is_made_when_the_old_one_was_closed_meanwhile() -> None:
    assert choose_while(close_pin).pin_hash == ""


def test_a_new_pin_ends_the_step_up_of_other_sessions() -> None:
    _, token = with_pin()
    other = entered(record_of(token).account.nik)
    unlocked = pins.begin_step_up(record_of(other), PIN, CLIENT)
    assert isinstance(unlocked, RotatedToken)
    record = record_of(token)
    begun = pin_changes.begin_by_pin(record.account, PIN, CLIENT)
    assert isinstance(begun, BegunPinChange)
    change = journeys.find(PinChange, begun.token, record.account_id)
    assert change is not None
    mine = pin_changes.choose(change, record.account, record.id, OTHER_PIN, CLIENT)
    assert isinstance(mine, RotatedToken)
    assert not step_up.is_open(record_of(unlocked.token))
    assert step_up.is_open(record_of(mine.token))


def test_a_pin_that_is_closed_ends_the_step_up_of_every_session() -> None:
    _, token = with_pin()
    unlocked = pins.begin_step_up(record_of(entered(record_of(token).account.nik)), PIN, CLIENT)
    assert isinstance(unlocked, RotatedToken)
    for _ in range(pins.MOST_WRONG):
        assert step_up.is_open(record_of(unlocked.token))
        pins.begin_step_up(record_of(token), OTHER_PIN, CLIENT)
    assert not step_up.is_open(record_of(unlocked.token))


def test_a_session_that_ended_meanwhile_gets_no_step_up() -> None:
    _, token = with_pin()
    record = record_of(token)
    with transaction():
        session.get_one(SignInSession, record.id).ended_at = clock.now()
    session.remove()
    ended = session.get_one(SignInSession, record.id)
    assert pins.begin_step_up(ended, PIN, CLIENT) is pins.PinRefusal.OVER
    assert resume(token) is None


def test_a_pin_journey_is_purged_when_its_time_is_over(clock: Clock) -> None:
    _, token = with_pin()
    pin_changes.begin_by_pin(record_of(token).account, PIN, CLIENT)
    assert purged(PinChange) == 0
    clock.advance(minutes=61)
    assert purged(PinChange) == 1


def test_simultaneous_sign_ins_leave_no_more_sessions_than_allowed() -> None:
    account = make_account()
    nik = account.nik
    at_once(14, lambda _: entered(nik))
    session.remove()
    live = sessions.live_of(session.get_one(Account, account.id))
    assert len(live) == sessions.MOST_AT_ONCE


def test_a_pin_is_closed_though_the_process_that_counted_the_last_wrong_one_died() -> None:
    account_id, _ = with_pin()
    account = session.get_one(Account, account_id)
    with transaction():
        for _ in range(pins.MOST_WRONG):
            failure_counters.count_attempt(pins._counter_key(account.nik), pins._BACKOFF)
    assert pins.verify(account, PIN, CLIENT) is PinRefusal.CLOSED
    session.rollback()
    assert pins.state_of(session.get_one(Account, account_id)) is PinState.CLOSED
    assert EventKind.AUTHN_PIN_FAIL_MAX in kinds()
