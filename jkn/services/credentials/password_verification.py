"""Attempts at a person's password. Every form that asks for it uses the same failure counter and
rate limit, so that no form is a way around another's backoff (security.md R05, R06, R80)."""

from dataclasses import dataclass
from enum import StrEnum

from jkn.database import lock_row, transactional
from jkn.models import Account, EventKind
from jkn.services.audit import audit_log
from jkn.services.audit.audit_log import Client
from jkn.services.credentials import known_devices, passwords
from jkn.services.throttling import failure_counters, rate_limits
from jkn.services.throttling.retry_after import RetryAfter


class PasswordRefusal(StrEnum):
    """BUSY costs the person nothing: no attempt was counted."""

    WRONG = "wrong"
    BUSY = "busy"


@dataclass(frozen=True)
class Person:
    """Whose password it is. `number`: by which failures are counted; it is the same for the NIK and
    the card number of one person, and unknown people have one, too. `account_id` and
    `password_hash` are None without an account. `is_known`: the account knows the browser that
    asks."""

    number: str
    account_id: int | None = None
    password_hash: str | None = None
    is_known: bool = False

    @property
    def counter_key(self) -> bytes:
        """Known browsers have a failure counter of their own, which no stranger can fill."""
        return failure_counters.person_key(self.number, is_known=self.is_known)


def verify(
    account: Account, password: str, client: Client
) -> Person | PasswordRefusal | RetryAfter:
    """The person, if this is the account's password. A command that acts on it calls `hold`, and
    then `forgive`."""
    try:
        with passwords.turn():
            return verify_in_turn(account, password, client)
    except passwords.Busy:
        return PasswordRefusal.BUSY


def verify_in_turn(
    account: Account, password: str, client: Client
) -> Person | PasswordRefusal | RetryAfter:
    """The same, for a caller that has taken its turn to hash already."""
    is_known = known_devices.is_known(client.device_token, account.id)
    person = Person(account.nik, account.id, account.password_hash, is_known)
    if retry_after := count_attempt(person, client):
        return retry_after
    if passwords.is_right(person.password_hash, password):
        return person
    log_wrong(person, client)
    return PasswordRefusal.WRONG


def hold(person: Person) -> Account | None:
    """The account, locked until the transaction under way ends, if what was proved is still its
    password. None: the password was changed meanwhile."""
    account = lock_row(Account, person.account_id)
    is_same = account is not None and account.password_hash == person.password_hash
    return account if is_same else None


@transactional
def count_attempt(person: Person, client: Client) -> RetryAfter | None:
    """Count an attempt before it is looked at; None: look at it now. Once the rate limit of the
    source is spent, only a browser that the account knows gets as far as the person's counter."""
    limit = rate_limits.FAILURES_OF_A_SOURCE
    of_source = rate_limits.take_of_source(client.address, "passwords", limit)
    if of_source and not person.is_known:
        # Logged for no account: whose attempt meets a spent limit is chance.
        source = rate_limits.source_key(client.address, "passwords")
        audit_log.log_rate_limited(source, limit.whole_after, client)
        return of_source
    retry_after = failure_counters.count_attempt(
        person.counter_key, failure_counters.PASSWORD_BACKOFF
    )
    if retry_after and retry_after.is_first:
        kind = EventKind.AUTHN_LOGIN_FAIL_MAX if retry_after.until else EventKind.AUTHN_LOGIN_LOCK
        audit_log.log(kind, client, account_id=person.account_id, count=retry_after.failures)
    return retry_after


@transactional
def log_wrong(person: Person, client: Client) -> None:
    """Log that a password was looked at and was wrong."""
    audit_log.log(EventKind.AUTHN_LOGIN_FAIL, client, account_id=person.account_id)


def forgive_everywhere(nik: str) -> None:
    """Let both failure counters begin anew, in the transaction under way: the person has another
    password, or an operator opens the account."""
    for is_known in (False, True):
        failure_counters.reset(failure_counters.person_key(nik, is_known=is_known))


def forgive(person: Person, client: Client) -> int:
    """Give the source its attempt back and let the failure counter begin anew, after a right
    password, in the transaction under way. The counter of other browsers goes on: whoever guesses
    there gets no new start whenever the owner signs in. Returns how many attempts before it had
    failed."""
    rate_limits.give_back_to_source(client.address, "passwords", rate_limits.FAILURES_OF_A_SOURCE)
    return failure_counters.reset(person.counter_key)
