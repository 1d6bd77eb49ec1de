"""The link in a recovery's e-mail: it can be used once, in any browser (security.md R24, R25)."""

from sqlalchemy import ColumnElement, select, update

from jkn.database import blind_index, session
from jkn.models import RecoveryAttempt
from jkn.services.basics import clock
from jkn.services.basics.tokens import digest


def keep_only(attempt: RecoveryAttempt) -> None:
    """Make the links of all other attempts of this person useless, in the transaction under way."""
    of_person = RecoveryAttempt.nik_index.in_(blind_index("recovery_attempts.nik", attempt.nik))
    session.execute(
        update(RecoveryAttempt)
        .where(of_person, RecoveryAttempt.id != attempt.id)
        .values(link_digest=None)
    )


def is_live(token: str) -> bool:
    """Whether the link can still be used. Asking does not use it up."""
    return session.scalar(select(RecoveryAttempt.id).where(*_live(token))) is not None


def use(token: str) -> RecoveryAttempt | None:
    """Use the link up, and return its attempt. None: it was used, has expired, or never existed."""
    return session.scalars(
        update(RecoveryAttempt)
        .where(*_live(token))
        .values(link_digest=None)
        .returning(RecoveryAttempt)
    ).one_or_none()


def _live(token: str) -> tuple[ColumnElement[bool], ...]:
    return (
        RecoveryAttempt.link_digest == digest(token),
        RecoveryAttempt.stage.not_in(RecoveryAttempt.ENDS),
        RecoveryAttempt.expires_at > clock.now(),
    )
