"""The end of Lupa Kata Sandi: the password that the person chose is taken up, everybody is signed
out, and every channel is told (security.md R27)."""

from enum import StrEnum

from sqlalchemy.orm import joinedload

from jkn.database import session, transactional
from jkn.models import (
    Account,
    EventKind,
    RecoveryAttempt,
    RecoveryMethod,
    SessionEnd,
)
from jkn.services import (
    account_channels,
    clock,
    known_devices,
    limited_mode,
    passkey_enrolment,
    passkey_offers,
    password_policy,
    passwords,
    pin_changes,
    recovery_attempts,
    security_events,
    sessions,
    waits,
)
from jkn.services.password_policy import Owner, Reason
from jkn.services.security_events import Client

# Whatever a newer release knows besides opens no more than answers do.
_BY_CODE = (RecoveryMethod.SMS, RecoveryMethod.EMAIL)


class Refusal(StrEnum):
    """SAME: it is the password that they have. OVER: the attempt ended meanwhile."""

    BUSY = "busy"
    SAME = "same"
    OVER = "over"


def choose(attempt: RecoveryAttempt, password: str, client: Client) -> Reason | Refusal | None:
    """Make it the password of a proved attempt's account; None: it is done."""
    attempt_id, is_by_code = attempt.id, attempt.method in _BY_CODE
    owner, password_hash = _owner_of(attempt)
    if reason := password_policy.refusal(password, owner):
        return reason
    try:
        with passwords.turn():
            # Who only knew the answers must not learn by trying what the password was.
            if is_by_code and passwords.is_right(password_hash, password):
                return Refusal.SAME
            chosen = passwords.hash_password(password)
    except passwords.Busy:
        return Refusal.BUSY
    return _take_up(attempt_id, chosen, client)


@transactional
def _take_up(attempt_id: int, password_hash: str, client: Client) -> Refusal | None:
    finished = recovery_attempts.finish(attempt_id)
    if finished is None or finished.account_id is None:
        return Refusal.OVER
    recovery_attempts.cancel_all(finished.account_id)
    account = session.get_one(Account, finished.account_id)
    account.password_hash = password_hash
    if finished.method not in _BY_CODE:
        limited_mode.begin(account)
    else:
        account.frozen_at = None
        # The code may have gone to the very phone that came by answers.
        if not account_channels.is_phone_new(account):
            account.limited_until = None
    # From here on a sign-in with the old password waits, and then finds the new one.
    session.flush()
    waits.forgive(waits.person_key(account.nik))
    account.recovered_at = clock.now()
    passkey_enrolment.cancel_all(account.id)
    pin_changes.cancel_all(account.id)
    passkey_offers.make_due(account.id)
    sessions.end_all(account.id, SessionEnd.RECOVERY, client)
    known_devices.forget_all(account.id)
    security_events.add(EventKind.AUTHN_PASSWORD_CHANGE, client, account_id=account.id)
    return None


def _owner_of(attempt: RecoveryAttempt) -> tuple[Owner, str]:
    """Whose password it is going to be, and the hash of the one they have. Raises NoResultFound
    where there is no account: nobody gets here without one."""
    account = session.get_one(
        Account, attempt.account_id, options=[joinedload(Account.participant)]
    )
    owner, password_hash = password_policy.owner_of(account), account.password_hash
    session.rollback()  # Gives the connection back: hashing needs none.
    return owner, password_hash
