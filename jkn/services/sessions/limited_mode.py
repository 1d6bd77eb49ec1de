"""Limited mode: a person who set a password by answers alone may read for a day, but change nothing
sensitive, until a code to a registered channel shows who they are (product.md 2; security.md
R26)."""

from datetime import timedelta

from sqlalchemy import update

from jkn.database import lock_row, session, transactional
from jkn.models import Account, Channel, EventKind
from jkn.services.audit import audit_log
from jkn.services.audit.audit_log import Client
from jkn.services.basics import clock
from jkn.services.basics.outcomes import Outcome
from jkn.services.credentials import one_time_codes
from jkn.services.credentials.one_time_codes import (
    CodePurpose,
    Confirmation,
    Recipient,
    Sent,
    TooSoon,
    Verdict,
)
from jkn.services.messaging import account_channels
from jkn.services.sessions import sessions
from jkn.services.sessions.sessions import RotatedToken
from jkn.services.throttling.retry_after import RetryAfter

LIFE = timedelta(hours=24)


def begin(account: Account) -> None:
    """Limit the account from now on, for `LIFE`, in the transaction under way."""
    account.limited_until = clock.now() + LIFE


def is_limited(account: Account) -> bool:
    """Whether the account is in limited mode now."""
    if is_unconfirmed(account):
        return True
    return account.limited_until is not None and account.limited_until > clock.now()


def is_unconfirmed(account: Account) -> bool:
    """Whether the account waits for the family or the office. No time and no code ends that, and it
    sees its own membership only (security.md R118)."""
    return account.unconfirmed_since is not None


def channels_of(account: Account) -> list[Channel]:
    """The channels of which a code ends limited mode."""
    return [] if is_unconfirmed(account) else list(account_channels.dependable(account))


@transactional
def send_code(
    account: Account, session_id: int, channel: Channel, client: Client
) -> Sent | TooSoon | RetryAfter:
    """Send the code that ends limited mode, to a registered phone or address only."""
    address = account_channels.dependable(account).get(channel)
    confirmation = _confirmation(account, session_id, channel)
    return one_time_codes.send(confirmation, Recipient(channel, address), client)


def last_sent(account: Account, session_id: int, channel: Channel) -> Sent | None:
    """The newest code that still lives; None when there is none."""
    return one_time_codes.last_sent(_confirmation(account, session_id, channel))


@transactional
def verify_code(
    account: Account, session_id: int, channel: Channel, typed: str, client: Client
) -> RotatedToken | Verdict | RetryAfter | Outcome:
    """Judge a code; a right one ends limited mode, and rotates the session's token."""
    # The account first, then its sessions: every command locks in this order, against deadlocks.
    held = lock_row(Account, account.id)
    if held is None or not is_limited(held):
        # A copy of a right code is no wrong one.
        return Outcome.ELSEWHERE
    verdict = one_time_codes.verify(_confirmation(account, session_id, channel), typed, client)
    if verdict is not Verdict.RIGHT:
        return verdict
    session.execute(update(Account).where(Account.id == account.id).values(limited_until=None))
    rotated = sessions.rotate_token(session_id, client.sent)
    if rotated is None:
        session.rollback()
        return Outcome.SIGNED_OUT
    audit_log.log(EventKind.LIMITED_MODE_ENDED, client, account_id=account.id)
    return rotated


def _confirmation(account: Account, session_id: int, channel: Channel) -> Confirmation:
    return Confirmation(
        person=account.nik,
        purpose=CodePurpose.FULL_ACCESS,
        flow=str(session_id),
        confirms=channel,
        account_id=account.id,
    )
