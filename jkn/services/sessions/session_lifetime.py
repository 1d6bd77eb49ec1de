"""How long a session lives: 30 minutes without use, 12 hours in all, by the server's clock
(security.md R47)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from jkn.database import session, transactional
from jkn.models import EventKind, SessionEnd, SignInSession
from jkn.services.audit import audit_log
from jkn.services.audit.audit_log import Client
from jkn.services.basics import clock

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
# How long before the end of a session its page warns of it (WCAG 2.2.1).
WARNED_BEFORE = timedelta(minutes=2)
_BATCH = 500


@dataclass(frozen=True)
class End:
    """When a session ends by itself. `at`: aware UTC. `is_final`: its longest life ends then, so
    that using it does not move the end."""

    at: datetime
    is_final: bool

    @property
    def seconds_left(self) -> int:
        """Whole seconds until the session is over; 0 afterwards."""
        return clock.seconds_until(self.at)

    @property
    def is_near(self) -> bool:
        """Whether it is time to warn."""
        return self.seconds_left <= WARNED_BEFORE.total_seconds()


def end_of(record: SignInSession) -> End:
    """When this session ends unless it is used before."""
    idle_until, lives_until = record.last_used_at + IDLE, record.started_at + LONGEST
    return End(min(idle_until, lives_until), is_final=lives_until <= idle_until)


def end_expired() -> int:
    """Note and log the end of sessions that nobody used for half an hour; returns how many. They
    were unusable before: this is for the audit log and for *Riwayat*. A session that was used until
    the end of its longest life is noted half an hour later."""
    noted = 0
    while noted % _BATCH == 0 and (more := _end_expired()):
        noted += more
    return noted


@transactional
def _end_expired() -> int:
    """End one batch: a sign-in at the same moment must not wait for all of them."""
    now = clock.now()
    is_over = SignInSession.ended_at.is_(None) & (SignInSession.last_used_at <= now - IDLE)
    batch = select(SignInSession.id).where(is_over).order_by(SignInSession.last_used_at)
    ended = session.execute(
        update(SignInSession)
        .where(SignInSession.id.in_(batch.limit(_BATCH)), is_over)
        .values(ended_at=now, ended_by=SessionEnd.EXPIRED)
        .returning(SignInSession.id, SignInSession.account_id, SignInSession.user_agent)
    ).all()
    for session_id, account_id, user_agent in ended:
        audit_log.log(
            EventKind.SESSION_EXPIRED,
            Client("", user_agent),
            account_id=account_id,
            session_id=session_id,
        )
    return len(ended)
