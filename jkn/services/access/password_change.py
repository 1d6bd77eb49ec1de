"""Ubah Kata Sandi: the old password and a new one. Afterwards every session ends, also the one that
changed it (product.md 3.4; security.md R05)."""

from datetime import timedelta
from enum import StrEnum

from jkn.database import transactional
from jkn.models import Account, EventKind, SessionEnd
from jkn.services.access import endings
from jkn.services.audit import audit_log
from jkn.services.audit.audit_log import Client
from jkn.services.basics.outcomes import Outcome
from jkn.services.credentials import captcha, password_policy, password_verification, passwords
from jkn.services.credentials.password_policy import WeakPassword
from jkn.services.credentials.password_verification import Person
from jkn.services.throttling import rate_limits
from jkn.services.throttling.rate_limits import RateLimit
from jkn.services.throttling.retry_after import RetryAfter

# How often the reason is told why a new password was refused: it may give away what the password
# holds of the owner's numbers, name or birth date.
_REFUSALS = RateLimit(burst=20, interval=timedelta(minutes=3))


class PasswordChangeRefusal(StrEnum):
    """SAME: the new password is the old one. TOO_MANY: so many new ones were refused that no more
    reasons are told for now. OVER: the password was changed elsewhere meanwhile."""

    WRONG_CAPTCHA = "wrong_captcha"
    WRONG = "wrong"
    SAME = "same"
    BUSY = "busy"
    TOO_MANY = "too_many"
    OVER = "over"


def change(
    account: Account,
    old: str,
    new: str,
    answer: captcha.CaptchaAnswer,
    client: Client,
) -> WeakPassword | PasswordChangeRefusal | RetryAfter | Outcome:
    """Make `new` the account's password. A wrong old one counts like a failed sign-in.

    BUSY costs the person nothing. That the new one holds a number of theirs is told only after the
    old one was right, and not often: it would give the number away.
    """
    if reason := password_policy.impersonal_refusal(new):
        return reason
    if _is_same(old, new):
        return PasswordChangeRefusal.SAME
    owner = password_policy.owner_of(account)
    try:
        with passwords.turn():
            if not captcha.accept(answer, client):
                return PasswordChangeRefusal.WRONG_CAPTCHA
            proved = password_verification.verify_in_turn(account, old, client)
            if isinstance(proved, password_verification.PasswordRefusal):
                return PasswordChangeRefusal(proved)
            if isinstance(proved, RetryAfter):
                return proved
            if reason := password_policy.refusal(new, owner):
                return _refuse(proved, client) or reason
            chosen = passwords.hash_password(new)
    except passwords.Busy:
        return PasswordChangeRefusal.BUSY
    return _take_up(proved, chosen, client)


@transactional
def _refuse(person: Person, client: Client) -> PasswordChangeRefusal | None:
    """The old password was right, so the failure counter begins anew. None: the reason why the new
    one is refused may be told."""
    password_verification.forgive(person, client)
    key = rate_limits.limit_key("refused passwords", str(person.account_id))
    is_over = audit_log.take(key, _REFUSALS, client, account_id=person.account_id)
    return PasswordChangeRefusal.TOO_MANY if is_over else None


@transactional
def _take_up(person: Person, password_hash: str, client: Client) -> PasswordChangeRefusal | Outcome:
    # Locks the account: a recovery or a sign-in at the same moment comes before or after all this.
    account = password_verification.hold(person)
    if account is None:
        return PasswordChangeRefusal.OVER
    account.password_hash = password_hash
    password_verification.forgive(person, client)
    endings.end_all(account.id, SessionEnd.PASSWORD_CHANGE, client, but_known=client.device_token)
    audit_log.log(EventKind.AUTHN_PASSWORD_CHANGE, client, account_id=account.id)
    return Outcome.DONE


def _is_same(old: str, new: str) -> bool:
    return passwords.normalised(old) == passwords.normalised(new)
