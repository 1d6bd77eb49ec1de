"""What a fingerprint does, and which events it leaves (R06, R37, R49)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from jkn.database import session, transaction
from jkn.models import (
    Account,
    Ceremony,
    Consent,
    ConsentPurpose,
    EventKind,
    FailureCounter,
    OutboxMessage,
    PasskeyDevice,
    RecoveryAttempt,
)
from jkn.services.basics import clock as service_clock
from jkn.services.journeys import journeys
from jkn.services.passkeys import passkey_devices, passkey_enrolment
from jkn.services.passkeys.passkey_enrolment import Enrolled
from jkn.services.sessions import sessions, step_up
from jkn.services.sessions.sessions import RotatedToken, SignedIn
from jkn.services.throttling import failure_counters
from jkn.services.throttling.failure_counters import PASSWORD_BACKOFF
from jkn.services.throttling.retry_after import RetryAfter
from tests.support.calls.passkey_calls import Member, begin, member, new_session, newcomer
from tests.support.calls.recovery_calls import begun, choose, proved
from tests.support.calls.sign_in_calls import CLIENT, count, enter, recorded
from tests.support.clients.software_authenticator import Authenticator
from tests.support.world.clock import Clock
from tests.support.world.factories import PASSWORD, make_account, make_passkey

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.both_databases]
ENROL, SIGN_IN = Ceremony.ENROL, Ceremony.SIGN_IN


def signed_in(person: Member) -> SignedIn:
    outcome = person.use(SIGN_IN)
    assert isinstance(outcome, SignedIn)
    return outcome


def fail(account: Account, times: int, clock: Clock) -> None:
    """Try wrong passwords, each after the wait of the one before."""
    key = failure_counters.person_key(account.nik)
    for turn in range(times):
        if turn:
            clock.advance(hours=1, seconds=1)
        with transaction():
            assert failure_counters.count_attempt(key, PASSWORD_BACKOFF) is None


@pytest.mark.parametrize("failures", [5, 100])
def test_a_closed_password_does_not_close_the_fingerprint(failures: int, clock: Clock) -> None:
    person = member()
    fail(person.account, failures, clock)
    nik = person.account.nik
    token = signed_in(person).session_token
    record = sessions.resume(token)
    assert record is not None
    assert record.account_id == person.account_id
    assert isinstance(enter(nik), RetryAfter), "the password waits as before"


def test_a_fingerprint_resets_no_count_of_wrong_passwords(clock: Clock) -> None:
    person = member()
    fail(person.account, 4, clock)
    before = session.scalars(select(FailureCounter)).one()
    was = (before.tries, before.failures, before.not_before)
    signed_in(person)
    session.rollback()
    after = session.scalars(select(FailureCounter).execution_options(populate_existing=True)).one()
    assert (after.tries, after.failures, after.not_before) == was


def test_wrong_fingerprints_count_against_no_password() -> None:
    person = member()
    for _ in range(3):
        assert not isinstance(person.use(SIGN_IN, flags=0), SignedIn)
    assert count(FailureCounter) == 0


def test_a_fingerprint_ends_recoveries_under_way() -> None:
    person, other = member(), make_account()
    attempt, token = proved(person.account.nik), begun(person.account.nik)
    others = begun(other.nik)
    password_hash = person.account.password_hash
    signed_in(person)
    session.rollback()
    assert journeys.find(RecoveryAttempt, token) is None
    assert journeys.find(RecoveryAttempt, others) is not None
    assert choose(attempt) == "over"
    assert person.account.password_hash == password_hash


def test_signing_in_is_recorded_with_its_session() -> None:
    person = member()
    before = recorded()
    token = signed_in(person).session_token
    record = sessions.resume(token)
    assert record is not None
    new_device = (EventKind.AUTHN_NEW_DEVICE, person.account_id, None)
    success = (EventKind.AUTHN_PASSKEY_SUCCESS, person.account_id, record.id)
    assert [it for it in recorded()[len(before) :] if it != new_device] == [success]


def test_step_up_and_reauthentication_are_recorded_and_rotate_the_token(clock: Clock) -> None:
    person = member()
    for kind, event in (
        (Ceremony.UNLOCK, EventKind.SENSITIVE_UNLOCKED),
        (Ceremony.CONFIRM, EventKind.AUTHN_PASSKEY_CONFIRMED),
    ):
        old, record_id = person.token, person.record.id
        assert isinstance(person.use(kind), RotatedToken)
        assert sessions.look_up(old) is None
        assert person.record.id == record_id
        assert recorded()[-1] == (event, person.account_id, record_id)
    record = person.record
    assert record.unlocked_until == service_clock.now() + step_up.LIFE
    assert record.confirmed_at == service_clock.now()
    clock.advance(seconds=step_up.LIFE.total_seconds())
    assert not step_up.is_open(record)
    assert timedelta() < step_up.LIFE <= timedelta(minutes=10)


def test_a_step_up_is_no_reauthentication_nor_the_other_way_round() -> None:
    for kind in (Ceremony.UNLOCK, Ceremony.CONFIRM):
        person = member()
        assert isinstance(person.use(kind), RotatedToken)
        record = person.record
        assert step_up.is_open(record) == (kind is Ceremony.UNLOCK)
        assert (record.confirmed_at is not None) == (kind is Ceremony.CONFIRM)


def test_a_step_up_holds_for_one_session_only() -> None:
    person = member()
    other = person.again()
    assert isinstance(person.use(Ceremony.UNLOCK), RotatedToken)
    assert not step_up.is_open(other.record)


def test_switching_on_and_adding_are_recorded_with_consent_and_told() -> None:
    person = newcomer()
    for event in (EventKind.PASSKEY_ON, EventKind.PASSKEY_ADDED):
        session_id, old = person.record.id, person.token
        told = count(OutboxMessage)
        assert isinstance(person.use(ENROL), Enrolled)
        assert (event, person.account_id, session_id) == recorded()[-1]
        assert sessions.look_up(old) is None
        assert count(OutboxMessage) == told + 2, "by SMS and by e-mail"
        begin(person)
    consents = session.scalars(select(Consent).where(Consent.account_id == person.account_id))
    assert [it.purpose for it in consents] == [ConsentPurpose.BIOMETRICS] * 2


def test_where_it_was_used_becomes_this_phone() -> None:
    person = member()
    device = signed_in(person).device_token
    here = passkey_devices.id_here(person.account_id, device)
    assert here is not None
    stranger = Member(person.account_id, person.phone, "planted by somebody", "")
    other = signed_in(stranger).device_token
    assert other != "planted by somebody"
    assert passkey_devices.id_here(person.account_id, other) == here
    assert passkey_devices.id_here(person.account_id, "planted by somebody") is None
    assert count(PasskeyDevice) == 2


def test_an_account_gets_no_more_keys_than_allowed() -> None:
    account = make_account()
    for _ in range(passkey_devices.MOST - 1):
        make_passkey(account, Authenticator())
    person = newcomer(account=account)
    make_passkey(account, Authenticator())
    assert person.use(ENROL) is passkey_enrolment.EnrolmentRefusal.TOO_MANY
    begun_anew = passkey_enrolment.begin(person.record, PASSWORD, CLIENT, person.device)
    assert begun_anew is passkey_enrolment.EnrolmentRefusal.TOO_MANY
    assert len(passkey_devices.known(account.id)) == passkey_devices.MOST


def test_each_sign_in_opens_a_session_of_its_own() -> None:
    person = member()
    tokens = [signed_in(person).session_token for _ in range(2)]
    assert len({*tokens, new_session(person.account)}) == 3
    assert all(sessions.resume(it) is not None for it in tokens)
