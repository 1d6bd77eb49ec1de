"""The PIN: six digits that open what is sensitive to show, for ten minutes, on one session
(product.md 3.3). It signs nobody in and confirms no change (security.md R42-R44).

Ten wrong ones in a row close it, however long they take and whatever happens between them; then
only *Lupa PIN* opens it.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import update

from jkn.database import lock_row, session, transactional
from jkn.models import Account, EventKind, SignInSession
from jkn.services.audit import audit_log
from jkn.services.audit.audit_log import Client
from jkn.services.basics import six_digits
from jkn.services.credentials import passwords
from jkn.services.sessions import step_up
from jkn.services.sessions.sessions import RotatedToken
from jkn.services.throttling import failure_counters
from jkn.services.throttling.failure_counters import Backoff

MOST_WRONG = 10
_TRIES = Backoff(
    free=MOST_WRONG,
    first=timedelta(minutes=1),
    longest=timedelta(minutes=1),
    closed_at=MOST_WRONG,
)


class PinState(StrEnum):
    """NONE: never chosen. CLOSED: only a new one opens what it locks."""

    NONE = "none"
    CHOSEN = "chosen"
    CLOSED = "closed"


class PinRefusal(StrEnum):
    """UNREADABLE: not six digits; it is not counted, and neither is BUSY. OVER: the session was
    ended, or the PIN changed, meanwhile. CLOSED: there is nothing to try any more."""

    UNREADABLE = "unreadable"
    BUSY = "busy"
    CLOSED = "closed"
    OVER = "over"


@dataclass(frozen=True)
class WrongPin:
    """`left`: how many more tries there are."""

    left: int


@dataclass(frozen=True)
class ProvedPin:
    """A PIN that was right: of which account, and the hash that it matched."""

    account_id: int
    person: str
    pin_hash: str


def state_of(account: Account) -> PinState:
    """Whether there is a PIN to be asked for."""
    if account.pin_hash is None:
        return PinState.NONE
    return PinState.CHOSEN if account.pin_hash else PinState.CLOSED


def unlock(
    record: SignInSession, typed: str, client: Client
) -> RotatedToken | WrongPin | PinRefusal:
    """Open what the PIN locks, in this session."""
    session_id = record.id
    proved = verify(record.account, typed, client)
    return _open(proved, session_id, client) if isinstance(proved, ProvedPin) else proved


def verify(account: Account, typed: str, client: Client) -> ProvedPin | WrongPin | PinRefusal:
    """Compare. A try is counted before it is looked at; what follows from a right one begins with
    `forgive`."""
    person, account_id, pin_hash = account.nik, account.id, account.pin_hash
    if not pin_hash:
        return PinRefusal.CLOSED
    pin = six_digits.read(typed)
    if pin is None:
        return PinRefusal.UNREADABLE
    try:
        with passwords.turn():
            if not _take_try(person, account_id, client):
                return PinRefusal.CLOSED
            if passwords.is_right(pin_hash, _secret(pin)):
                return ProvedPin(account_id, person, pin_hash)
    except passwords.Busy:
        return PinRefusal.BUSY
    return _record_wrong(person, account_id, client)


def hashed(pin: str) -> str:
    """What to store. Raises passwords.Busy when it is not its turn."""
    with passwords.turn():
        return passwords.hash_password(_secret(pin))


def is_same(pin_hash: str | None, pin: str) -> bool:
    """Whether this is the PIN that they have. Raises passwords.Busy when it is not its turn."""
    if not pin_hash:
        return False
    with passwords.turn():
        return passwords.is_right(pin_hash, _secret(pin))


def forgive(person: str) -> None:
    """A right PIN, or a new one, begins a new row of tries, in the transaction under way."""
    failure_counters.reset(_tries_key(person))


def hold(account_id: int, pin_hash: str | None) -> Account | None:
    """The account, if this is still what is kept of its PIN; nobody changes it until the
    transaction under way is over. None: it was changed meanwhile."""
    account = lock_row(Account, account_id)
    return account if account is not None and account.pin_hash == pin_hash else None


@transactional
def _open(proved: ProvedPin, session_id: int, client: Client) -> RotatedToken | PinRefusal:
    account = hold(proved.account_id, proved.pin_hash)
    renewed = None if account is None else step_up.begin(session_id)
    if renewed is None:
        return PinRefusal.OVER
    forgive(proved.person)
    audit_log.log(
        EventKind.SENSITIVE_UNLOCKED,
        client,
        account_id=proved.account_id,
        session_id=session_id,
    )
    return renewed


@transactional
def _take_try(person: str, account_id: int, client: Client) -> bool:
    if failure_counters.count_attempt(_tries_key(person), _TRIES) is None:
        return True
    # Also where whoever made the tenth try never came to its end.
    _close(account_id, MOST_WRONG, client)
    return False


@transactional
def _record_wrong(person: str, account_id: int, client: Client) -> WrongPin | PinRefusal:
    failures = failure_counters.failures_of(_tries_key(person))
    audit_log.log(EventKind.AUTHN_PIN_FAIL, client, account_id=account_id)
    if failures < MOST_WRONG:
        return WrongPin(MOST_WRONG - failures)
    _close(account_id, failures, client)
    return PinRefusal.CLOSED


def _close(account_id: int, failures: int, client: Client) -> None:
    """Kept beside the counter, which is forgotten when nobody touches it for long."""
    closed = session.scalar(
        update(Account)
        .where(Account.id == account_id, Account.pin_hash != "")
        .values(pin_hash="")
        .returning(Account.id)
    )
    if closed is not None:
        step_up.end(account_id)
        kind = EventKind.AUTHN_PIN_FAIL_MAX
        audit_log.log(kind, client, account_id=account_id, count=failures)


def _secret(pin: str) -> str:
    """Told apart from passwords, so that the hash of one is never that of the other."""
    return f"pin:{pin}"


def _tries_key(person: str) -> bytes:
    # Not "pin:…": under that name wrong codes for a new PIN are counted, by another ladder.
    return failure_counters.person_key(f"typed pin:{person}")
