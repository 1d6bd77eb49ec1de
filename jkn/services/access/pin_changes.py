"""The journey to a new PIN: by the current PIN, or by the account's password and a code (*Buat
PIN*, *Lupa PIN*; product.md 3.3)."""

from dataclasses import dataclass
from enum import StrEnum

from jkn.database import session, transactional
from jkn.models import Account, Channel, EventKind, PinChange, PinStage, PinWay
from jkn.services.access import pins
from jkn.services.access.pins import PinState, ProvedPin, WrongPin
from jkn.services.audit import audit_log
from jkn.services.audit.audit_log import Client
from jkn.services.basics import clock, six_digits
from jkn.services.basics.outcomes import Outcome
from jkn.services.credentials import (
    password_policy,
    password_verification,
    passwords,
    pin_policy,
)
from jkn.services.credentials.journey_codes import JourneyCode
from jkn.services.credentials.one_time_codes import CodePurpose, Recipient
from jkn.services.credentials.password_verification import Person
from jkn.services.journeys import journeys
from jkn.services.messaging import account_channels
from jkn.services.sessions import reauthentication, sessions, step_up
from jkn.services.sessions.sessions import RotatedToken
from jkn.services.throttling.retry_after import RetryAfter


class PinChangeRefusal(StrEnum):
    """UNREADABLE: not six digits. SAME: it is the current PIN. OVER: the journey or the session
    ended, or the PIN changed, meanwhile."""

    UNREADABLE = "unreadable"
    SAME = "same"
    BUSY = "busy"
    OVER = "over"


@dataclass(frozen=True)
class BegunPinChange:
    """`token`: of the journey. `session_token`: the session's rotated token, where the password was
    given; None: the session keeps its token."""

    token: str
    session_token: str | None = None


def channel_of(account: Account) -> Channel | None:
    """How the code is sent: by SMS where there is a phone. While the account's phone is new, the
    phone of the membership record may be one that the owner lost: then by e-mail, if there is one.
    None: neither is there."""
    dependable = account_channels.dependable(account)
    if account_channels.is_phone_new(account) and Channel.EMAIL in dependable:
        return Channel.EMAIL
    return next((it for it in Channel if it in dependable), None)


def begin(
    account: Account,
    session_id: int,
    password: str,
    client: Client,
    previous_token: str | None = None,
) -> BegunPinChange | password_verification.PasswordRefusal | RetryAfter | Outcome:
    """Begin by the account's password, and send a code. Wrong passwords count like failed sign-ins.

    `previous_token`: of the journey that this browser had begun. A person who only went back a page
    continues it, with the code that was sent already.
    """
    proved = password_verification.verify(account, password, client)
    if not isinstance(proved, Person):
        return proved
    return _begin(proved, session_id, client, previous_token)


def begin_by_pin(
    account: Account, typed: str, client: Client
) -> BegunPinChange | WrongPin | pins.PinRefusal:
    """Begin by the current PIN. It begins no step-up, and ends none."""
    proved = pins.verify(account, typed, client)
    return _begin_proved(proved) if isinstance(proved, ProvedPin) else proved


def choose(
    change: PinChange, account: Account, session_id: int, typed: str, client: Client
) -> RotatedToken | pin_policy.WeakPin | PinChangeRefusal:
    """Make `typed` the account's PIN, and begin a step-up in this session: the person has just
    shown that they know it."""
    account_id, old_hash = account.id, account.pin_hash
    pin = six_digits.read(typed)
    if pin is None:
        return PinChangeRefusal.UNREADABLE
    if reason := pin_policy.refusal(pin, password_policy.owner_of(account)):
        return reason
    try:
        if pins.is_same(old_hash, pin):
            return PinChangeRefusal.SAME
        pin_hash = pins.hashed(pin)
    except passwords.Busy:
        return PinChangeRefusal.BUSY
    return _take_up(change, account_id, old_hash, session_id, pin_hash, client)


@transactional
def _begin(
    person: Person, session_id: int, client: Client, previous_token: str | None
) -> BegunPinChange | Outcome:
    account = password_verification.hold(person)
    if account is None:
        return Outcome.SIGNED_OUT
    rotated = sessions.rotate_token(session_id, client.sent, confirmed_at=clock.now())
    if rotated is None:
        password_verification.forgive(person, client)
        return Outcome.SIGNED_OUT
    reauthentication.log_reauthentication(person, session_id, client)
    begun = journeys.find(PinChange, previous_token, account.id)
    if begun and begun.stage is PinStage.CODE and CODE.last_sent(begun):
        return BegunPinChange(previous_token or "", rotated.token)
    is_first = pins.state_of(account) is PinState.NONE
    way = PinWay.FIRST if is_first else PinWay.FORGOTTEN
    change = PinChange(account_id=account.id, stage=PinStage.CODE, way=way)
    token = journeys.begin(change, client.sent)
    CODE.send(change, client)
    return BegunPinChange(token, rotated.token)


@transactional
def _begin_proved(proved: ProvedPin) -> BegunPinChange | pins.PinRefusal:
    if not pins.hold(proved.account_id, proved.pin_hash):
        return pins.PinRefusal.OVER
    pins.forgive(proved.person)
    change = PinChange(account_id=proved.account_id, stage=PinStage.PIN, way=PinWay.CHANGED)
    return BegunPinChange(journeys.begin(change))


@transactional
def _take_up(
    seen: PinChange,
    account_id: int,
    old_hash: str | None,
    session_id: int,
    pin_hash: str,
    client: Client,
) -> RotatedToken | PinChangeRefusal:
    # Locks the rows: a freeze or an end of this session comes before or after all of this.
    account = pins.hold(account_id, old_hash)
    change = journeys.hold(seen, PinStage.PIN)
    rotated = step_up.begin(session_id, client.sent) if account and change else None
    if account is None or change is None or rotated is None:
        return PinChangeRefusal.OVER
    journeys.advance(change, PinStage.DONE)
    account.pin_hash = pin_hash
    session.flush()
    pins.forgive(account.nik)
    audit_log.log(EventKind.AUTHN_PIN_CHANGE, client, account_id=account_id, session_id=session_id)
    step_up.end(account_id, but=session_id)
    return rotated


def _recipient(change: PinChange) -> Recipient:
    account = session.get_one(Account, change.account_id)
    channel = channel_of(account) or Channel.SMS
    return Recipient(channel, account_channels.dependable(account).get(channel))


def _on_to_pin(change: PinChange, _client: Client) -> None:
    journeys.advance(change, PinStage.PIN)


CODE = JourneyCode(PinStage.CODE, CodePurpose.PIN, _recipient, _on_to_pin)
