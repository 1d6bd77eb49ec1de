"""An act whose event cannot be written does not happen: both are one transaction (R79).

For each act the database refuses only the event of that act, so that no other event of the same
transaction makes it fail instead.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from sqlalchemy.exc import DBAPIError

from jkn.database import session, transaction
from jkn.models import Account, Ceremony, EventKind, PinChange
from jkn.services.access import account_freeze, password_change, pin_changes, pins, saved_usernames
from jkn.services.access.pin_changes import BegunPinChange
from jkn.services.credentials import captcha
from jkn.services.credentials.captcha import CaptchaAnswer, CaptchaPurpose
from jkn.services.credentials.journey_codes import RightCode
from jkn.services.journeys import journeys
from jkn.services.passkeys import passkey_devices
from jkn.services.sessions import reauthentication, sessions
from tests.support.calls.code_calls import code_in, waiting
from tests.support.calls.passkey_calls import Member, member, new_session, newcomer, passkeys_of
from tests.support.calls.sign_in_calls import BROWSER, CLIENT, recorded
from tests.support.calls.warning_calls import warned
from tests.support.world.connected import ConnectedDatabase
from tests.support.world.factories import PASSWORD
from tests.support.world.refused_rows import refused
from tests.support.world.rows import all_rows, changes

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.both_databases]

PIN, OTHER_PIN, NEW_PASSWORD = "482915", "730264", "teh manis di beranda"
# What an attempt to prove oneself writes before the act itself.
TRIED = ("try_counters", "spent_captchas", "spent_budgets")
Act = Callable[[], object]


@dataclass(frozen=True)
class Recorded:
    """`prepare` brings somebody up to the act and returns the act. `event`: the kind of its
    event."""

    event: EventKind
    prepare: Callable[[Member], Act]


def with_pin(person: Member) -> Member:
    with transaction():
        session.get_one(Account, person.account_id).pin_hash = pins.hashed(PIN)
    return person


def choosing(person: Member, begun: object, pin: str) -> Act:
    """The last step of choosing a PIN."""
    assert isinstance(begun, BegunPinChange)
    person.token = begun.session_token or person.token

    def choose() -> object:
        record = person.record
        change = journeys.find(PinChange, begun.token, record.account_id)
        assert change is not None
        return pin_changes.choose(change, record.account, record.id, pin, CLIENT)

    return choose


def create_pin(person: Member) -> Act:
    record = person.record
    begun = pin_changes.begin(record.account, record.id, PASSWORD, CLIENT, person.device)
    act = choosing(person, begun, PIN)
    assert isinstance(begun, BegunPinChange)
    change = journeys.find(PinChange, begun.token, person.account_id)
    assert change is not None
    code = code_in(waiting()[-1].text)
    assert pin_changes.CODE.verify(change, code, CLIENT) == RightCode(None)
    return act


def change_pin(person: Member) -> Act:
    begun = pin_changes.begin_by_pin(with_pin(person).account, PIN, CLIENT)
    return choosing(person, begun, OTHER_PIN)


def change_password(person: Member) -> Act:
    token = captcha.draw(CaptchaPurpose.CHANGE_PASSWORD, BROWSER)
    answer = CaptchaAnswer(token, "12345", CaptchaPurpose.CHANGE_PASSWORD, BROWSER)
    return lambda: password_change.change(person.account, PASSWORD, NEW_PASSWORD, answer, CLIENT)


def end_elsewhere(person: Member) -> Act:
    new_session(person.account)
    here = person.record.id
    (other,) = [it.id for it in sessions.live_of(person.account) if it.id != here]
    return lambda: sessions.end_other(person.account, other, CLIENT)


def end_everywhere_else(person: Member) -> Act:
    new_session(person.account)
    here = person.record.id
    return lambda: sessions.end_others(person.account_id, here, CLIENT)


def key_id(person: Member) -> int:
    (key,) = passkeys_of(person.account_id)
    return key.id


def remove_key(person: Member) -> Act:
    key = key_id(person)
    return lambda: passkey_devices.remove(person.account, key, CLIENT)


def rename_key(person: Member) -> Act:
    key = key_id(person)
    return lambda: passkey_devices.rename(person.account, key, "HP kerja", CLIENT)


def make_key(_person: Member) -> Act:
    other = newcomer()
    text = other.answer(Ceremony.ENROL, other.ask(Ceremony.ENROL))
    return lambda: other.send(Ceremony.ENROL, text)


def use_key(kind: Ceremony) -> Callable[[Member], Act]:
    """Use a passkey to sign in, for a step-up or as recent authentication."""

    def prepare(person: Member) -> Act:
        text = person.answer(kind, person.ask(kind))
        return lambda: person.send(kind, text)

    return prepare


def freeze(person: Member) -> Act:
    link = warned(person.account)
    return lambda: account_freeze.freeze(link, CLIENT)


def unfreeze(person: Member) -> Act:
    freeze(person)()
    nik = person.account.nik
    return lambda: account_freeze.unfreeze(nik)


def save_number(person: Member) -> Act:
    return lambda: saved_usernames.save(person.account_id, person.device, CLIENT)


def forget_number(person: Member) -> Act:
    token = saved_usernames.save(person.account_id, person.device, CLIENT)
    return lambda: saved_usernames.forget(person.account_id, token, CLIENT)


ACTS = {
    "a PIN created": Recorded(EventKind.AUTHN_PIN_CHANGE, create_pin),
    "a PIN changed": Recorded(EventKind.AUTHN_PIN_CHANGE, change_pin),
    "unlocked by the PIN": Recorded(
        EventKind.SENSITIVE_UNLOCKED,
        lambda it: with_pin(it) and (lambda: pins.begin_step_up(it.record, PIN, CLIENT)),
    ),
    "confirmed": Recorded(
        EventKind.AUTHN_CONFIRMED,
        lambda it: lambda: reauthentication.reauthenticate(it.record, PASSWORD, CLIENT, it.device),
    ),
    "the password changed": Recorded(EventKind.AUTHN_PASSWORD_CHANGE, change_password),
    "a session ended elsewhere": Recorded(EventKind.SESSION_ENDED, end_elsewhere),
    "all others ended": Recorded(EventKind.SESSION_ENDED, end_everywhere_else),
    "a passkey made": Recorded(EventKind.PASSKEY_ON, make_key),
    "signed in by a passkey": Recorded(EventKind.AUTHN_PASSKEY_SUCCESS, use_key(Ceremony.SIGN_IN)),
    "unlocked by a passkey": Recorded(EventKind.SENSITIVE_UNLOCKED, use_key(Ceremony.UNLOCK)),
    "confirmed by a passkey": Recorded(
        EventKind.AUTHN_PASSKEY_CONFIRMED, use_key(Ceremony.CONFIRM)
    ),
    "a passkey renamed": Recorded(EventKind.PASSKEY_RENAMED, rename_key),
    "a passkey removed": Recorded(EventKind.PASSKEY_REMOVED, remove_key),
    "a passkey turned off": Recorded(
        EventKind.PASSKEY_OFF,
        lambda it: lambda: passkey_devices.turn_off(it.account, it.device, CLIENT),
    ),
    "an account frozen": Recorded(EventKind.ACCOUNT_FROZEN, freeze),
    "an account unfrozen": Recorded(EventKind.ACCOUNT_UNFROZEN, unfreeze),
    "a number saved": Recorded(EventKind.USERNAME_SAVED, save_number),
    "a number forgotten": Recorded(EventKind.USERNAME_FORGOTTEN, forget_number),
}


@pytest.mark.parametrize("name", ACTS)
def test_what_cannot_be_recorded_does_not_happen(database: ConnectedDatabase, name: str) -> None:
    act = ACTS[name].prepare(member())
    before = all_rows()
    event = ACTS[name].event
    with refused(database, "security_events", kind=event), pytest.raises(DBAPIError):
        act()
    session.remove()
    assert changes(before, all_rows(), but_for=TRIED) == []


@pytest.mark.parametrize("name", ACTS)
def test_what_can_be_recorded_happens_and_leaves_its_event(name: str) -> None:
    """The same acts succeed when nothing is refused, so above it is the event that was missing."""
    act = ACTS[name].prepare(member())
    before, events = all_rows(), len(recorded())
    act()
    session.remove()
    assert changes(before, all_rows(), but_for=(*TRIED, "security_events"))
    assert ACTS[name].event in [kind for kind, _, _ in recorded()[events:]]
