"""Tries of a person's password: the same counters wherever it is asked for, so that no form is a
way around another's waits (security.md R05, R06, R80)."""

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
    """BUSY costs the person nothing: no try was counted."""

    WRONG = "wrong"
    BUSY = "busy"


@dataclass(frozen=True)
class Person:
    """Whose password it is. `key` is the same for NIK and card number of one person, and is
    there for nobody, too; `account_id` and `password_hash` are None without an account."""

    key: bytes
    account_id: int | None = None
    password_hash: str | None = None


def verify(
    account: Account, password: str, client: Client, device_token: str | None
) -> Person | PasswordRefusal | RetryAfter:
    """Whether who is signed in knows the account's password: the person, if so. What follows
    from it is done within `hold` and begins with `forgive`."""
    try:
        with passwords.turn():
            return verify_in_turn(account, password, client, device_token)
    except passwords.Busy:
        return PasswordRefusal.BUSY


def verify_in_turn(
    account: Account, password: str, client: Client, device_token: str | None
) -> Person | PasswordRefusal | RetryAfter:
    """The same, for who has taken the turn to hash already."""
    person = Person(failure_counters.person_key(account.nik), account.id, account.password_hash)
    if wait := take(person, client, device_token):
        return wait
    if passwords.is_right(person.password_hash, password):
        return person
    record_wrong(person, client)
    return PasswordRefusal.WRONG


def hold(person: Person) -> Account | None:
    """The account, if what was proved is still its password; nobody changes it until the
    transaction under way is over. None: it was changed meanwhile."""
    account = lock_row(Account, person.account_id)
    is_same = account is not None and account.password_hash == person.password_hash
    return account if is_same else None


@transactional
def take(person: Person, client: Client, device_token: str | None) -> RetryAfter | None:
    """Count a try before it is looked at; None: look at it now. Both counters are asked always,
    so that neither shows what the other says."""
    source, budget = rate_limits.source_key(client.address), rate_limits.FAILURES_OF_A_SOURCE
    source_wait = rate_limits.take(source, budget)
    if source_wait and known_devices.is_known(device_token, person.account_id):
        source_wait = None
    if source_wait:
        # Of nobody: whose password was tried when it was spent is chance.
        audit_log.log_rate_limited(source, budget.whole_after, client)
        return source_wait
    wait = failure_counters.count_attempt(person.key, failure_counters.PASSWORD_BACKOFF)
    if wait and wait.is_first:
        kind = EventKind.AUTHN_LOGIN_FAIL_MAX if wait.until else EventKind.AUTHN_LOGIN_LOCK
        audit_log.log(kind, client, account_id=person.account_id, count=wait.failures)
    return wait


@transactional
def record_wrong(person: Person, client: Client) -> None:
    """It was looked at and did not match."""
    audit_log.log(EventKind.AUTHN_LOGIN_FAIL, client, account_id=person.account_id)


def forgive(person: Person, client: Client) -> int:
    """It was right, in the transaction under way; returns how many tries before it had failed."""
    rate_limits.give_back(rate_limits.source_key(client.address), rate_limits.FAILURES_OF_A_SOURCE)
    return failure_counters.reset(person.key)
