"""The PIN: six digits that begin a step-up, so that one session shows what is sensitive for ten
minutes (product.md 3.3). It signs nobody in and confirms no change (security.md R42-R44).

Ten wrong ones in a row close it, however long they take and whatever happens between them. Then
only *Lupa PIN* helps.
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
_BACKOFF = Backoff(
    free=MOST_WRONG,
    first=timedelta(minutes=1),
    longest=timedelta(minutes=1),
    closed_at=MOST_WRONG,
)


class PinState(StrEnum):
    """NONE: no PIN was ever chosen. CLOSED: too many were wrong, or the account was frozen; a new
    one must be chosen."""

    NONE = "none"
    CHOSEN = "chosen"
    CLOSED = "closed"


class PinRefusal(StrEnum):
    """UNREADABLE: not six digits. Neither it nor BUSY is counted as an attempt. CLOSED: there is no
    PIN to compare with. OVER: the session ended, or the PIN changed, meanwhile."""

    UNREADABLE = "unreadable"
    BUSY = "busy"
    CLOSED = "closed"
    OVER = "over"


@dataclass(frozen=True)
class WrongPin:
    """`left`: how many attempts are left."""

    left: int


@dataclass(frozen=True)
class ProvedPin:
    """A PIN that was right. `person`: the NIK. `pin_hash`: the hash that it matched."""

    account_id: int
    person: str
    pin_hash: str


def state_of(account: Account) -> PinState:
    """Whether there is a PIN to be asked for."""
    if account.pin_hash is None:
        return PinState.NONE
    return PinState.CHOSEN if account.pin_hash else PinState.CLOSED


def begin_step_up(
    record: SignInSession, typed: str, client: Client
) -> RotatedToken | WrongPin | PinRefusal:
    """Begin a step-up in this session, if the PIN is right."""
    session_id = record.id
    proved = verify(record.account, typed, client)
    return _begin_step_up(proved, session_id, client) if isinstance(proved, ProvedPin) else proved


def verify(account: Account, typed: str, client: Client) -> ProvedPin | WrongPin | PinRefusal:
    """Compare what was typed with the PIN. The attempt is counted before it is looked at; a command
    that acts on a right PIN calls `forgive`."""
    person, account_id, pin_hash = account.nik, account.id, account.pin_hash
    if not pin_hash:
        return PinRefusal.CLOSED
    pin = six_digits.read(typed)
    if pin is None:
        return PinRefusal.UNREADABLE
    try:
        with passwords.turn():
            if not _count_attempt(person, account_id, client):
                return PinRefusal.CLOSED
            if passwords.is_right(pin_hash, _secret(pin)):
                return ProvedPin(account_id, person, pin_hash)
    except passwords.Busy:
        return PinRefusal.BUSY
    return _log_wrong(person, account_id, client)


def hashed(pin: str) -> str:
    """The hash to store. Raises passwords.Busy when too many wait for their turn to hash."""
    with passwords.turn():
        return passwords.hash_password(_secret(pin))


def is_same(pin_hash: str | None, pin: str) -> bool:
    """Whether this is the current PIN. Raises passwords.Busy when too many wait to hash."""
    if not pin_hash:
        return False
    with passwords.turn():
        return passwords.is_right(pin_hash, _secret(pin))


def forgive(person: str) -> None:
    """Let the failure counter begin anew after a right PIN, or a new one, in the transaction under
    way. `person`: the NIK."""
    failure_counters.reset(_counter_key(person))


def hold(account_id: int, pin_hash: str | None) -> Account | None:
    """The account, locked until the transaction under way ends, if this is still the hash of its
    PIN. None: the PIN was changed or closed meanwhile."""
    account = lock_row(Account, account_id)
    return account if account is not None and account.pin_hash == pin_hash else None


@transactional
def _begin_step_up(proved: ProvedPin, session_id: int, client: Client) -> RotatedToken | PinRefusal:
    if hold(proved.account_id, proved.pin_hash) is None:
        return PinRefusal.OVER
    # A copy of this request, too, was no wrong PIN.
    forgive(proved.person)
    rotated = step_up.begin(session_id, client.sent)
    if rotated is None:
        return PinRefusal.OVER
    audit_log.log(
        EventKind.SENSITIVE_UNLOCKED,
        client,
        account_id=proved.account_id,
        session_id=session_id,
    )
    return rotated


@transactional
def _count_attempt(person: str, account_id: int, client: Client) -> bool:
    """Whether the PIN may be looked at."""
    if failure_counters.count_attempt(_counter_key(person), _BACKOFF) is None:
        return True
    # The process that counted the tenth attempt may have died before it closed the PIN.
    _close(account_id, MOST_WRONG, client)
    return False


@transactional
def _log_wrong(person: str, account_id: int, client: Client) -> WrongPin | PinRefusal:
    failures = failure_counters.failures_of(_counter_key(person))
    audit_log.log(EventKind.AUTHN_PIN_FAIL, client, account_id=account_id)
    if failures < MOST_WRONG:
        return WrongPin(MOST_WRONG - failures)
    _close(account_id, failures, client)
    return PinRefusal.CLOSED


def _close(account_id: int, failures: int, client: Client) -> None:
    """Close the PIN in the account's row, where pages see it, and end every step-up; once only."""
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
    """What is hashed. The prefix keeps the hash of a PIN from ever passing for a password's."""
    return f"pin:{pin}"


def _counter_key(person: str) -> bytes:
    # Not "pin:…", which is the counter of wrong codes for a new PIN, with another backoff.
    return failure_counters.person_key(f"typed pin:{person}")
