"""Tokens of sessions that were ended. A request with one comes from a copy of the cookie, or from a
phone that was signed out (security.md R78)."""

from sqlalchemy import select

from jkn.database import session, transactional
from jkn.models import EventKind, SignInSession
from jkn.services.audit import audit_log
from jkn.services.audit.audit_log import Client
from jkn.services.basics.tokens import digest
from jkn.services.sessions.session_lifetime import end_of


def note_use_after_end(token: str, client: Client) -> None:
    """Log the use of a session that something ended. A session whose time had run out before is no
    event: browsers send its token again every day."""
    of_token = SignInSession.token_digest == digest(token)
    ended = session.scalar(select(SignInSession).where(of_token))
    if ended is not None and ended.ended_at is not None and ended.ended_at < end_of(ended).at:
        _log_use(ended.account_id, ended.id, client)


@transactional
def _log_use(account_id: int, session_id: int, client: Client) -> None:
    audit_log.log_sampled(
        EventKind.SESSION_USED_AFTER_END, client, account_id=account_id, session_id=session_id
    )
