"""A key, session or account that ends before the phone answers lets nobody in (R26, R32, R49)."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from jkn.database import session, transaction
from jkn.models import (
    Account,
    Ceremony,
    EventKind,
    PasskeyCeremony,
    PasskeyDevice,
    PasskeyEnrolment,
    SignInSession,
)
from jkn.services.basics import clock as service_clock
from jkn.services.journeys import journeys
from jkn.services.passkeys import passkey_devices, passkey_enrolment
from jkn.services.passkeys.passkey_ceremonies import CeremonyRefusal
from jkn.services.passkeys.passkey_enrolment import Enrolled
from jkn.services.sessions import sessions, step_up
from jkn.services.sessions.sessions import SignedIn
from tests.support.calls import ending_calls
from tests.support.calls.passkey_calls import (
    PROOFS,
    USED,
    Member,
    begin,
    member,
    newcomer,
    passkeys_of,
)
from tests.support.calls.purge_calls import purged
from tests.support.calls.sign_in_calls import CLIENT, count, recorded
from tests.support.world.clock import Clock

pytestmark = pytest.mark.usefixtures("database")
Ending = Callable[[Member], object]
ENROL, SIGN_IN, UNLOCK = Ceremony.ENROL, Ceremony.SIGN_IN, Ceremony.UNLOCK


def remove(person: Member) -> object:
    (key,) = passkeys_of(person.account_id)
    return passkey_devices.remove(person.account, key.id, CLIENT)


def turn_off(person: Member) -> object:
    return passkey_devices.turn_off(person.account, person.client)


def freeze(person: Member) -> object:
    return ending_calls.freeze(person.account)


def recover(person: Member) -> object:
    return ending_calls.recover(person.account)


def change_password(person: Member) -> object:
    return ending_calls.change_password(person.account)


def sign_out(person: Member) -> object:
    return sessions.end(person.record.id, CLIENT)


def live_sessions(account_id: int) -> int:
    session.rollback()
    return len(sessions.live_of(session.get_one(Account, account_id)))


@pytest.mark.parametrize("ending", [remove, turn_off, freeze])
def test_a_key_that_is_gone_signs_nobody_in(ending: Ending) -> None:
    person = member()
    text, send = person.answer(SIGN_IN, person.ask(SIGN_IN)), person.sender(SIGN_IN)
    ending(person)
    before = live_sessions(person.account_id)
    assert send(text) is CeremonyRefusal.UNKNOWN
    assert live_sessions(person.account_id) == before
    assert person.use(SIGN_IN) is CeremonyRefusal.UNKNOWN


def test_a_recovery_ends_what_was_asked_before_it_and_keeps_the_key(clock: Clock) -> None:
    person = member()
    text, send = person.answer(SIGN_IN, person.ask(SIGN_IN)), person.sender(SIGN_IN)
    clock.advance(seconds=1)
    recover(person)
    assert send(text) is CeremonyRefusal.EXPIRED
    assert recorded()[-1] == (EventKind.AUTHN_PASSKEY_FAIL, person.account_id, None)
    assert live_sessions(person.account_id) == 0
    assert isinstance(person.use(SIGN_IN), SignedIn)


@pytest.mark.parametrize("ending", [remove, turn_off, freeze, recover, change_password, sign_out])
def test_a_session_that_ended_gets_no_step_up_and_no_recent_authentication(ending: Ending) -> None:
    person = member()
    session_id = person.record.id
    texts = {it: person.answer(it, person.ask(it)) for it in (UNLOCK, Ceremony.CONFIRM)}
    senders = {it: person.sender(it) for it in texts}
    ending(person)
    for kind, text in texts.items():
        assert senders[kind](text) in tuple(CeremonyRefusal), kind
    session.remove()
    record = session.get_one(SignInSession, session_id)
    assert not step_up.is_open(record)
    assert record.confirmed_at is None


@pytest.mark.parametrize("ending", [freeze, recover, change_password, sign_out])
def test_no_key_is_made_for_a_person_who_was_signed_out(ending: Ending) -> None:
    person = newcomer()
    text, send = person.answer(ENROL, person.ask(ENROL)), person.sender(ENROL)
    ending(person)
    before = live_sessions(person.account_id)
    assert send(text) in (CeremonyRefusal.EXPIRED, passkey_enrolment.EnrolmentRefusal.OVER)
    assert passkeys_of(person.account_id) == []
    assert count(PasskeyDevice) == 0
    assert live_sessions(person.account_id) == before


@pytest.mark.parametrize("ending", [freeze, recover, change_password])
def test_an_ended_enrolment_has_to_begin_again(ending: Ending) -> None:
    person = newcomer()
    person.ask(ENROL)
    ending(person)
    assert count(PasskeyEnrolment) == 0
    assert journeys.find(PasskeyEnrolment, person.enrolment, person.account_id) is None
    session.rollback()
    assert purged(PasskeyCeremony) == 0, "nothing is left to be forgotten"


def test_beginning_again_ends_the_first_enrolment() -> None:
    first = newcomer()
    text, send = first.answer(ENROL, first.ask(ENROL)), first.sender(ENROL)
    second = begin(first)
    assert send(text) is CeremonyRefusal.EXPIRED
    assert passkeys_of(first.account_id) == []
    assert isinstance(second.use(ENROL), Enrolled)


def test_a_finished_enrolment_makes_no_second_key() -> None:
    person = newcomer()
    send = person.sender(ENROL)
    texts = [person.answer(ENROL, person.ask(ENROL)) for _ in range(2)]
    assert isinstance(send(texts[0]), Enrolled)
    assert send(texts[1]) is passkey_enrolment.EnrolmentRefusal.OVER
    assert len(passkeys_of(person.account_id)) == 1


def test_an_enrolment_that_took_too_long_makes_no_key(clock: Clock) -> None:
    person = newcomer()
    clock.advance(minutes=14)
    text, send = person.answer(ENROL, person.ask(ENROL)), person.sender(ENROL)
    clock.advance(minutes=1, seconds=1)
    assert send(text) is passkey_enrolment.EnrolmentRefusal.OVER
    assert passkeys_of(person.account_id) == []


def test_a_frozen_account_accepts_no_key_and_gets_no_new_one() -> None:
    """For example when a freeze comes after the answer was judged."""
    person = begin(member())
    answers = {it: person.answer(it, person.ask(it)) for it in (SIGN_IN, ENROL)}
    senders = {it: person.sender(it) for it in answers}
    with transaction():
        person.account.frozen_at = service_clock.now()
    assert senders[SIGN_IN](answers[SIGN_IN]) is CeremonyRefusal.NO_MATCH
    assert senders[ENROL](answers[ENROL]) is passkey_enrolment.EnrolmentRefusal.OVER
    assert live_sessions(person.account_id) == 1
    assert len(passkeys_of(person.account_id)) == 1


def test_removing_somebody_elses_key_does_nothing() -> None:
    owner, other = member(), member()
    (key,) = passkeys_of(owner.account_id)
    assert not passkey_devices.remove(other.account, key.id, CLIENT)
    passkey_devices.turn_off(other.account, owner.client)
    for kind in PROOFS:
        assert isinstance(owner.use(kind), USED)
        assert isinstance(other.use(kind), USED)


def test_a_removal_sends_nobody_away_and_leaves_the_other_phone_alone() -> None:
    person = begin(member())
    assert isinstance(person.use(ENROL), Enrolled)
    old, new = person.phone.credentials
    (first, _) = passkeys_of(person.account_id)
    assert passkey_devices.remove(person.account, first.id, CLIENT)
    assert person.record is not None
    assert person.use(SIGN_IN, credential=old) is CeremonyRefusal.UNKNOWN
    assert isinstance(person.use(SIGN_IN, credential=new), SignedIn)
    left = session.scalars(select(PasskeyDevice.passkey_id))
    assert set(left) == {it.id for it in passkeys_of(person.account_id)}
