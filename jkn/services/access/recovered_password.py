"""The end of Lupa Kata Sandi: the chosen password becomes the account's, every session ends, and
every channel is told (security.md R27)."""

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
from jkn.services.credentials import (
    password_policy,
    password_verification,
    passwords,
    sign_in_hints,
)
from jkn.services.credentials.password_policy import Owner, WeakPassword
from jkn.services.journeys import journeys
from jkn.services.messaging import account_channels
from jkn.services.passkeys import passkey_offers
from jkn.services.sessions import limited_mode

# Any other method, also one of a newer release, opens no more than answers do.
_BY_CODE = (RecoveryMethod.SMS, RecoveryMethod.EMAIL)


class NewPasswordRefusal(StrEnum):
    """SAME: it is the current password. OVER: the attempt ended meanwhile."""

    BUSY = "busy"
    SAME = "same"
    OVER = "over"


def choose(
    attempt: RecoveryAttempt, password: str, client: Client
) -> WeakPassword | NewPasswordRefusal | Outcome:
    """Make `password` the password of the account of a proved attempt."""
    is_by_code = attempt.method in _BY_CODE
    owner, password_hash = _owner_of(attempt)
    if reason := password_policy.refusal(password, owner):
        return reason
    try:
        with passwords.turn():
            # Somebody who only knew the answers must not find the old password by trying.
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
    # Locks the account: a sign-in or a freeze at the same moment comes before or after all of this.
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
        # A freeze took the stranger's away, so the code went where the membership record says.
        if account.phone is None and limited_mode.is_unconfirmed(account):
            account_channels.give_phone_back(account)
        # While the phone is new, the code may have gone to the very phone that answers registered.
        if not account_channels.is_phone_new(account):
            account.limited_until = None
    password_verification.forgive_everywhere(account.nik)
    account.recovered_at = clock.now()
    passkey_offers.make_due(account.id)
    session.flush()
    endings.end_all(account.id, SessionEnd.RECOVERY, client)
    # Whoever has only the e-mail's link must still know the number.
    if not attempt.is_elsewhere:
        sign_in_hints.leave(account.id, attempt.token_digest)
    audit_log.log(EventKind.AUTHN_PASSWORD_CHANGE, client, account_id=account.id)
    return Outcome.DONE


def _owner_of(attempt: RecoveryAttempt) -> tuple[Owner, str]:
    """The owner of the new password, and the hash of the current one. Raises NoResultFound where
    there is no account; an attempt without one never gets here."""
    account = session.get_one(
        Account, attempt.account_id, options=[joinedload(Account.participant)]
    )
    owner, password_hash = password_policy.owner_of(account), account.password_hash
    session.rollback()  # Gives the connection back: hashing needs none.
    return owner, password_hash
