"""The end of Lupa Kata Sandi: the password that the person chose is taken up, everybody is signed
out, and every channel is told (security.md R27)."""

from enum import StrEnum

from sqlalchemy.orm import joinedload

from jkn.database import lock_row, session, transactional
from jkn.models import (
    Account,
    EventKind,
    RecoveryAttempt,
    RecoveryMethod,
    RecoveryStage,
    SessionEnd,
)
from jkn.services.access import endings
from jkn.services.audit import audit_log
from jkn.services.audit.audit_log import Client
from jkn.services.basics import clock
from jkn.services.basics.outcomes import Outcome
from jkn.services.credentials import password_policy, passwords
from jkn.services.credentials.password_policy import Owner, WeakPassword
from jkn.services.journeys import journeys
from jkn.services.messaging import account_channels
from jkn.services.passkeys import passkey_offers
from jkn.services.sessions import limited_mode
from jkn.services.throttling import failure_counters

# Whatever a newer release knows besides opens no more than answers do.
_BY_CODE = (RecoveryMethod.SMS, RecoveryMethod.EMAIL)


class NewPasswordRefusal(StrEnum):
    """SAME: it is the password that they have. OVER: the attempt ended meanwhile."""

    BUSY = "busy"
    SAME = "same"
    OVER = "over"


def choose(
    attempt: RecoveryAttempt, password: str, client: Client
) -> WeakPassword | NewPasswordRefusal | Outcome:
    """Make it the password of a proved attempt's account."""
    is_by_code = attempt.method in _BY_CODE
    owner, password_hash = _owner_of(attempt)
    if reason := password_policy.refusal(password, owner):
        return reason
    try:
        with passwords.turn():
            # Who only knew the answers must not learn by trying what the password was.
            if is_by_code and passwords.is_right(password_hash, password):
                return NewPasswordRefusal.SAME
            chosen = passwords.hash_password(password)
    except passwords.Busy:
        return NewPasswordRefusal.BUSY
    return _take_up(attempt, chosen, client)


@transactional
def _take_up(
    seen: RecoveryAttempt, password_hash: str, client: Client
) -> NewPasswordRefusal | Outcome:
    # A sign-in or a freeze of the same moment comes either before or after all of this.
    account = lock_row(Account, seen.account_id)
    attempt = journeys.hold(seen, RecoveryStage.PASSWORD)
    if account is None or attempt is None:
        return NewPasswordRefusal.OVER
    journeys.advance(attempt, RecoveryStage.DONE)
    account.password_hash = password_hash
    if attempt.method not in _BY_CODE:
        limited_mode.begin(account)
    else:
        account.frozen_at = None
        # The code may have gone to the very phone that came by answers.
        if not account_channels.is_phone_new(account):
            account.limited_until = None
    failure_counters.reset(failure_counters.person_key(account.nik))
    account.recovered_at = clock.now()
    passkey_offers.make_due(account.id)
    session.flush()
    endings.end_all(account.id, SessionEnd.RECOVERY, client)
    audit_log.log(EventKind.AUTHN_PASSWORD_CHANGE, client, account_id=account.id)
    return Outcome.DONE


def _owner_of(attempt: RecoveryAttempt) -> tuple[Owner, str]:
    """Whose password it is going to be, and the hash of the one they have. Raises NoResultFound
    where there is no account: nobody gets here without one."""
    account = session.get_one(
        Account, attempt.account_id, options=[joinedload(Account.participant)]
    )
    owner, password_hash = password_policy.owner_of(account), account.password_hash
    session.rollback()  # Gives the connection back: hashing needs none.
    return owner, password_hash
