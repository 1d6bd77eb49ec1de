"""The way to a new PIN: by the PIN that they have, or by the account's password and a code
(*Buat PIN*, *Lupa PIN*; product.md 3.3)."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import delete, select, update

from jkn.database import session, transactional
from jkn.models import Account, Channel, EventKind, PinChange, PinStage
from jkn.services import (
    account_channels,
    clock,
    one_time_codes,
    password_policy,
    password_tries,
    passwords,
    pin_policy,
    pins,
    reauthentication,
    security_events,
    sessions,
    six_digits,
)
from jkn.services.one_time_codes import Confirmation, Purpose, Recipient, Sent, TooSoon, Verdict
from jkn.services.password_tries import Person
from jkn.services.pins import Proved, Wrong
from jkn.services.security_events import Client
from jkn.services.sessions import Renewed
from jkn.services.tokens import digest, new_token
from jkn.services.waits import Wait

# Longer than a session without use: who had to sign in again goes on at the same step.
LIFE = timedelta(hours=1)


class Refusal(StrEnum):
    """SAME: it is the PIN that they have. OVER: it is somewhere else by now."""

    UNREADABLE = "unreadable"
    SAME = "same"
    BUSY = "busy"
    OVER = "over"


@dataclass(frozen=True)
class Begun:
    """The token of a new row, and the one under which the session goes on where the password was
    given; None: under the same."""

    token: str
    session_token: str | None = None


def channel_of(account: Account) -> Channel | None:
    """Where the code goes: SMS where there is a phone, and it is not the one of a membership record
    that its owner no longer has; None: there is nowhere."""
    dependable = account_channels.dependable(account)
    if account_channels.is_phone_new(account) and Channel.EMAIL in dependable:
        return Channel.EMAIL
    return next((it for it in Channel if it in dependable), None)


def find(token: str, account: Account) -> PinChange | None:
    """The row of this token while it lives and is this account's, also when it is done: whoever
    lost the answer comes back to ask; None otherwise."""
    return session.scalars(
        select(PinChange).where(
            PinChange.token_digest == digest(token),
            PinChange.account_id == account.id,
            PinChange.expires_at > clock.now(),
        )
    ).one_or_none()


def begin(
    account: Account,
    session_id: int,
    password: str,
    client: Client,
    device_token: str | None,
    previous_token: str | None = None,
) -> Begun | password_tries.Refusal | Wait | None:
    """By the account's password; a code goes out. Wrong ones count like failed sign-ins. None: the
    session was ended meanwhile.

    Who only went back a page goes on with what this browser had begun, and with the code that is
    out already.
    """
    proved = password_tries.prove(account, password, client, device_token)
    if not isinstance(proved, Person):
        return proved
    return _begin(proved, session_id, client, previous_token)


def begin_by_pin(account: Account, typed: str, client: Client) -> Begun | Wrong | pins.Refusal:
    """By the PIN that they have; what it locks stays as it is."""
    proved = pins.prove(account, typed, client)
    return _begin_proved(proved) if isinstance(proved, Proved) else proved


@transactional
def send_code(change: PinChange, account: Account, client: Client) -> Sent | TooSoon | Wait:
    """Send another code."""
    return _send(change, account, client)


def last_sent(change: PinChange, account: Account) -> Sent | None:
    """The newest code that still lives; None when there is none."""
    return one_time_codes.last_sent(_confirmation(change, account))


@transactional
def verify_code(
    change: PinChange, account: Account, typed: str, client: Client
) -> Verdict | Wait | None:
    """Judge a code; a right one leads to the PIN. None: the journey is somewhere else by now."""
    verdict = one_time_codes.verify(_confirmation(change, account), typed, client)
    if verdict is Verdict.RIGHT and not _advance(change.id, PinStage.CODE, PinStage.PIN):
        return None
    return verdict


def choose(
    change: PinChange, account: Account, session_id: int, typed: str, client: Client
) -> Renewed | pin_policy.Reason | Refusal:
    """Make it the account's PIN. What it locks opens in this session: whoever chose it knows it."""
    change_id, account_id, old_hash = change.id, account.id, account.pin_hash
    pin = six_digits.read(typed)
    if pin is None:
        return Refusal.UNREADABLE
    if reason := pin_policy.refusal(pin, password_policy.owner_of(account)):
        return reason
    session.rollback()  # Gives the connection back: hashing needs none.
    try:
        if pins.is_same(old_hash, pin):
            return Refusal.SAME
        pin_hash = pins.hashed(pin)
    except passwords.Busy:
        return Refusal.BUSY
    return _take_up(change_id, account_id, old_hash, session_id, pin_hash, client)


def cancel_all(account_id: int) -> None:
    """Whoever is under way must begin anew, in the transaction under way."""
    session.execute(delete(PinChange).where(PinChange.account_id == account_id))


@transactional
def forget_old() -> int:
    """Delete rows whose time is over; returns how many."""
    old = delete(PinChange).where(PinChange.expires_at < clock.now())
    return len(session.execute(old.returning(PinChange.id)).all())


@transactional
def _begin(
    person: Person, session_id: int, client: Client, previous_token: str | None
) -> Begun | None:
    account = password_tries.hold(person)
    if account is None:
        return None
    confirmed = sessions.renew(session_id, confirmed_at=clock.now())
    if confirmed is None:
        return None
    reauthentication.record_confirmed(person, session_id, client)
    begun = find(previous_token, account) if previous_token else None
    if begun and begun.stage is PinStage.CODE and last_sent(begun, account):
        return Begun(previous_token or "", confirmed.token)
    change, token = _add(account.id, PinStage.CODE)
    _send(change, account, client)
    return Begun(token, confirmed.token)


@transactional
def _begin_proved(proved: Proved) -> Begun | pins.Refusal:
    if not pins.hold(proved.account_id, proved.pin_hash):
        return pins.Refusal.OVER
    pins.forgive(proved.person)
    _, token = _add(proved.account_id, PinStage.PIN)
    return Begun(token)


@transactional
def _take_up(
    change_id: int,
    account_id: int,
    old_hash: str | None,
    session_id: int,
    pin_hash: str,
    client: Client,
) -> Renewed | Refusal:
    # A freeze, or somebody who ends this session, comes before or after all of this.
    if not pins.hold(account_id, old_hash) or not _advance(change_id, PinStage.PIN, PinStage.DONE):
        return Refusal.OVER
    renewed = pins.open_session(session_id)
    if renewed is None:
        return Refusal.OVER
    account = session.get_one(Account, account_id, populate_existing=True)
    account.pin_hash = pin_hash
    session.flush()
    pins.forgive(account.nik)
    security_events.add(
        EventKind.AUTHN_PIN_CHANGE, client, account_id=account_id, session_id=session_id
    )
    sessions.lock_again(account_id, but=session_id)
    return renewed


def _add(account_id: int, stage: PinStage) -> tuple[PinChange, str]:
    """One way at a time: what was begun before, in whatever browser, ends."""
    cancel_all(account_id)
    token = new_token()
    change = PinChange(
        token_digest=digest(token),
        account_id=account_id,
        stage=stage,
        expires_at=clock.now() + LIFE,
    )
    session.add(change)
    session.flush()
    return change, token


def _advance(change_id: int, now_at: PinStage, stage: PinStage) -> bool:
    """One conditional statement, so that of two tabs one gets on."""
    advanced = session.scalar(
        update(PinChange)
        .where(PinChange.id == change_id, PinChange.stage == now_at)
        .values(stage=stage)
        .returning(PinChange.id)
    )
    return advanced is not None


def _send(change: PinChange, account: Account, client: Client) -> Sent | TooSoon | Wait:
    channel = channel_of(account) or Channel.SMS
    address = account_channels.dependable(account).get(channel)
    return one_time_codes.send(_confirmation(change, account), Recipient(channel, address), client)


def _confirmation(change: PinChange, account: Account) -> Confirmation:
    # Not the id: where a row is deleted, SQLite gives its id to the next one.
    return Confirmation(
        person=account.nik,
        purpose=Purpose.PIN,
        flow=change.token_digest.hex(),
        account_id=account.id,
    )
