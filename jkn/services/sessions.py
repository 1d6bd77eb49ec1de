"""Signed-in sessions: 30 minutes idle, 12 hours in all, judged by the server's clock."""

import secrets
from datetime import timedelta

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import joinedload

from jkn.database import session, transactional
from jkn.models import Account, EventKind, SessionEnd, SignInSession
from jkn.services import clock, security_events
from jkn.services.security_events import Client
from jkn.services.tokens import digest

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)

# Being seen is written down at most this often: a page view should not cost a write.
_SEEN_EVERY = timedelta(minutes=1)

# Asked with every page: built once, since building it costs as much as asking.
_LIVE = (
    select(SignInSession)
    .where(
        SignInSession.token_digest == bindparam("digest"),
        SignInSession.ended_at.is_(None),
        SignInSession.last_used_at > bindparam("idle_since"),
        SignInSession.started_at > bindparam("begun_after"),
    )
    .options(joinedload(SignInSession.account, innerjoin=True))
)


def open_session(account: Account, client: Client, failed_before: int = 0) -> str:
    """Add a session to the transaction under way and return its token, kept nowhere else.

    `failed_before`: tries that had failed since the last success; the owner is told.
    """
    token = secrets.token_urlsafe(32)
    now = clock.now()
    record = SignInSession(
        account_id=account.id,
        token_digest=digest(token),
        user_agent=client.user_agent[: security_events.LONGEST_USER_AGENT],
        started_at=now,
        last_used_at=now,
    )
    session.add(record)
    session.flush()
    after_failing = EventKind.AUTHN_LOGIN_SUCCESS_AFTER_FAIL
    security_events.add(
        after_failing if failed_before else EventKind.AUTHN_LOGIN_SUCCESS,
        client,
        account_id=account.id,
        session_id=record.id,
        count=failed_before or None,
    )
    return token


def resume(token: str) -> SignInSession | None:
    """The live session of this token with its account, or None; notes that it was used."""
    record = _live(token)
    if record is None or clock.now() - record.last_used_at < _SEEN_EVERY:
        return record
    # Set aside, so that the new transaction does not ask the database for them once more.
    known, seen = (record, record.account), record.id
    for row in known:
        session.expunge(row)
    if not _note_use(seen):
        return None
    session.add_all(known)
    return record


@transactional
def _note_use(session_id: int) -> bool:
    """False when the session was ended in this very moment."""
    noted = session.execute(
        update(SignInSession)
        .where(SignInSession.id == session_id, SignInSession.ended_at.is_(None))
        .values(last_used_at=clock.now())
        .returning(SignInSession.id)
    )
    return noted.first() is not None


@transactional
def end(session_id: int, client: Client) -> None:
    """Sign out: the token is dead from now on, whoever holds a copy. Twice does no harm."""
    ended = session.execute(
        update(SignInSession)
        .where(SignInSession.id == session_id, SignInSession.ended_at.is_(None))
        .values(ended_at=clock.now(), ended_by=SessionEnd.SIGN_OUT)
        .returning(SignInSession.account_id)
    ).scalar_one_or_none()
    if ended is not None:
        security_events.add(
            EventKind.SESSION_ENDED, client, account_id=ended, session_id=session_id
        )


def end_all(account_id: int, how: SessionEnd, client: Client) -> None:
    """Sign out everywhere, in the transaction under way."""
    ended = session.scalars(
        update(SignInSession)
        .where(SignInSession.account_id == account_id, SignInSession.ended_at.is_(None))
        .values(ended_at=clock.now(), ended_by=how)
        .returning(SignInSession.id)
    )
    for session_id in ended.all():
        security_events.add(
            EventKind.SESSION_ENDED, client, account_id=account_id, session_id=session_id
        )


def _live(token: str) -> SignInSession | None:
    now = clock.now()
    asked = {"digest": digest(token), "idle_since": now - IDLE, "begun_after": now - LONGEST}
    return session.scalars(_LIVE, asked).one_or_none()
