"""A stranger who knows a NIK shuts nobody out (security.md R113)."""

from dataclasses import replace

import pytest

from jkn.database import session, transaction
from jkn.models import Account, EventKind, RecoveryAttempt, RecoveryMethod, SignInSession
from jkn.services.access import account_unlock, recovery
from jkn.services.access.sign_in import SignInRefusal
from jkn.services.audit.audit_log import Client
from jkn.services.credentials import known_devices
from jkn.services.credentials.journey_codes import RightCode
from jkn.services.credentials.one_time_codes import Sent
from jkn.services.credentials.question_rounds import Answered
from jkn.services.sessions import sessions
from jkn.services.sessions.sessions import SignedIn
from jkn.services.throttling.retry_after import RetryAfter
from tests.support.calls.one_code_calls import latest_code
from tests.support.calls.password_calls import attempt
from tests.support.calls.recovery_calls import attempt_of, begun
from tests.support.calls.sign_in_calls import recorded
from tests.support.world.clock import Clock
from tests.support.world.factories import PASSWORD, make_account, make_participant

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.both_databases]

STRANGER = Client("203.0.113.66", "Tests/1.0")
NEW_PHONE = Client("198.51.100.7", "Tests/1.0")


@pytest.fixture
def owner() -> Account:
    return make_account(make_participant())


@pytest.fixture
def own_phone(owner: Account) -> Client:
    """A phone from which the owner has signed in."""
    with transaction():
        return replace(NEW_PHONE, device_token=known_devices.remember(owner, NEW_PHONE))


def guess_codes(nik: str, how_many: int, clock: Clock) -> None:
    """Ask for a code, if there is one to be had, and type wrong ones."""
    journey = attempt_of(begun(nik))
    recovery.send_code(journey, RecoveryMethod.SMS, STRANGER)
    with transaction():
        # The stranger types them whether a code came or not.
        session.get_one(RecoveryAttempt, journey.id).stage = recovery.RecoveryStage.CODE
    journey = replace_seen(journey)
    for number in range(how_many):
        recovery.CODE.verify(journey, f"{number:06}", STRANGER)
    clock.advance(minutes=2)


def replace_seen(journey: RecoveryAttempt) -> RecoveryAttempt:
    session.rollback()
    found = session.get_one(RecoveryAttempt, journey.id, populate_existing=True)
    session.expunge(found)
    return found


def answer_questions(nik: str, client: Client) -> object:
    """A round of wrong answers."""
    journey = attempt_of(begun(nik))
    if waits := recovery.ask_questions(journey, client):
        return waits
    journey = replace_seen(journey)
    outcomes = [recovery.answer(journey, it, "Tidak tahu", client) for it in (1, 2, 3)]
    return outcomes[-1]


def attack(nik: str, clock: Clock, days: int) -> None:
    """Everything that a stranger can get wrong, then what keeps it closed, day after day."""
    for _ in range(100):
        attempt(nik, source=STRANGER.address)
        clock.advance(hours=1)
    for _ in range(3):
        guess_codes(nik, 5, clock)
        answer_questions(nik, STRANGER)
    for _ in range(days):
        clock.advance(days=1)
        guess_codes(nik, 1, clock)
        answer_questions(nik, STRANGER)
        attempt(nik, source=STRANGER.address)


def recover(nik: str, client: Client, method: RecoveryMethod, length: int) -> object:
    """Ask for a code and type it."""
    journey = attempt_of(begun(nik))
    sent = recovery.send_code(journey, method, client)
    assert isinstance(sent, Sent), sent
    assert sent.length == length
    return recovery.CODE.verify(replace_seen(journey), latest_code(length), client)


def test_after_thirty_days_every_way_is_open_to_the_owners_phone(
    owner: Account, own_phone: Client, clock: Clock
) -> None:
    nik = owner.nik
    attack(nik, clock, days=30)
    assert isinstance(answer_questions(nik, STRANGER), RetryAfter)
    assert answer_questions(nik, own_phone) is Answered.WRONG, "their answers are looked at"
    by_sms = recover(nik, own_phone, RecoveryMethod.SMS, length=6)
    assert isinstance(by_sms, RightCode)
    clock.advance(minutes=2)
    by_email = recover(nik, own_phone, RecoveryMethod.EMAIL, length=6)
    assert isinstance(by_email, RightCode)
    entered = attempt(nik, PASSWORD, own_phone.address, own_phone.device_token)
    assert isinstance(entered, SignedIn)


def test_after_thirty_days_a_code_opens_a_new_phone_while_the_attack_goes_on(
    owner: Account, clock: Clock
) -> None:
    nik = owner.nik
    attack(nik, clock, days=30)
    assert isinstance(attempt(nik, PASSWORD, NEW_PHONE.address), RetryAfter), "closed, as it must"
    guess_codes(nik, 5, clock)
    assert isinstance(recover(nik, NEW_PHONE, RecoveryMethod.SMS, length=12), RightCode)


def test_the_owner_who_signs_in_gives_the_stranger_no_new_guesses(
    owner: Account, own_phone: Client, clock: Clock
) -> None:
    for _ in range(6):
        attempt(owner.nik, source=STRANGER.address)
    entered = attempt(owner.nik, PASSWORD, own_phone.address, own_phone.device_token)
    assert isinstance(entered, SignedIn)
    assert isinstance(attempt(owner.nik, PASSWORD, NEW_PHONE.address), RetryAfter)


def test_wrong_passwords_of_the_own_phone_are_counted_as_well(
    owner: Account, own_phone: Client
) -> None:
    outcomes = [attempt(owner.nik, device=own_phone.device_token) for _ in range(6)]
    assert outcomes[:5] == [SignInRefusal.NO_MATCH] * 5
    assert isinstance(outcomes[5], RetryAfter)


def test_a_phone_that_was_signed_out_from_elsewhere_counts_as_unknown(owner: Account) -> None:
    lost, kept = (attempt(owner.nik, PASSWORD) for _ in range(2))
    assert isinstance(lost, SignedIn)
    assert isinstance(kept, SignedIn)
    record = sessions.look_up(lost.session_token)
    assert isinstance(record, SignInSession)
    assert known_devices.is_known(lost.device_token, owner.id)
    assert sessions.end_other(owner, record.id, NEW_PHONE)
    assert not known_devices.is_known(lost.device_token, owner.id)
    assert known_devices.is_known(kept.device_token, owner.id)


def test_keluar_leaves_the_phone_known(owner: Account) -> None:
    entered = attempt(owner.nik, PASSWORD)
    assert isinstance(entered, SignedIn)
    record = sessions.look_up(entered.session_token)
    assert isinstance(record, SignInSession)
    sessions.end(record.id, NEW_PHONE)
    assert known_devices.is_known(entered.device_token, owner.id)


def test_an_operator_opens_everything_again_and_it_is_recorded(
    owner: Account, clock: Clock
) -> None:
    nik = owner.nik
    attack(nik, clock, days=1)
    assert account_unlock.unlock(nik)
    assert (EventKind.ACCOUNT_UNLOCKED, owner.id, None) in recorded()
    assert isinstance(recover(nik, NEW_PHONE, RecoveryMethod.SMS, length=6), RightCode)
    assert answer_questions(nik, NEW_PHONE) is Answered.WRONG
    assert isinstance(attempt(nik, PASSWORD, NEW_PHONE.address), SignedIn)


def test_there_is_nothing_to_unlock_for_a_number_without_account() -> None:
    assert not account_unlock.unlock("3276051703840001")
