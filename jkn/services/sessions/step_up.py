"""Step-up: after the PIN or the fingerprint, one session shows what is sensitive for ten minutes
(product.md 3.3)."""

from datetime import timedelta

from sqlalchemy import update

from jkn.database import session
from jkn.models import SignInSession
from jkn.services.basics import clock
from jkn.services.sessions import sessions
from jkn.services.sessions.sessions import RotatedToken

LIFE = timedelta(minutes=10)


def is_open(record: SignInSession) -> bool:
    """Whether a step-up is under way in this session, so that what is sensitive may be seen."""
    return record.unlocked_until is not None and record.unlocked_until > clock.now()


def begin(session_id: int, sent: bytes = b"") -> RotatedToken | None:
    """Begin a step-up in this session, in the transaction under way. `sent`, None: as in
    `sessions.rotate_token`."""
    return sessions.rotate_token(session_id, sent, unlocked_until=clock.now() + LIFE)


def end(account_id: int, *, but: int | None = None) -> None:
    """End the step-ups in the account's sessions, in the transaction under way. `but`: the id of
    the session whose step-up goes on."""
    stepped_up = update(SignInSession).where(
        SignInSession.account_id == account_id, SignInSession.unlocked_until.is_not(None)
    )
    if but is not None:
        stepped_up = stepped_up.where(SignInSession.id != but)
    session.execute(stepped_up.values(unlocked_until=None))
