"""Step-up: what the PIN or the fingerprint opens for a while in one session (product.md 3.3)."""

from datetime import timedelta

from sqlalchemy import update

from jkn.database import session
from jkn.models import SignInSession
from jkn.services.basics import clock
from jkn.services.sessions import sessions
from jkn.services.sessions.sessions import RotatedToken

LIFE = timedelta(minutes=10)


def is_open(record: SignInSession) -> bool:
    """Whether what is sensitive may be seen in this session now."""
    return record.unlocked_until is not None and record.unlocked_until > clock.now()


def begin(session_id: int) -> RotatedToken | None:
    """Open it in the transaction under way; None when the session was ended."""
    return sessions.rotate_token(session_id, unlocked_until=clock.now() + LIFE)


def end(account_id: int, *, but: int | None = None) -> None:
    """Close it in the account's sessions, in the transaction under way. `but`: the session where it
    stays open."""
    opened = update(SignInSession).where(
        SignInSession.account_id == account_id, SignInSession.unlocked_until.is_not(None)
    )
    if but is not None:
        opened = opened.where(SignInSession.id != but)
    session.execute(opened.values(unlocked_until=None))
