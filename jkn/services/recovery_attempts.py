"""The rows of recoveries under way: begun, found by their tokens, moved on, ended.

What changes one joins the transaction of the command that calls it. Whoever touches an account,
too, does so afterwards: everybody locks the two in this order.
"""

from datetime import timedelta

from sqlalchemy import ColumnElement, Update, bindparam, delete, select, update

from jkn.database import blind_index, session, transactional
from jkn.models import Account, Participant, RecoveryAttempt, RecoveryStage
from jkn.services import clock
from jkn.services.tokens import digest, new_token

LIFE = timedelta(minutes=30)
# Letters take their time; the link in one is good for as long as the attempt.
LIFE_BY_EMAIL = timedelta(hours=1)
_KEPT = timedelta(days=1)
_OVER = (RecoveryStage.DONE, RecoveryStage.CANCELLED)


def begin(nik: str) -> str:
    """Add an attempt for anybody's NIK; returns its token."""
    # One row comes back whoever is meant.
    of_account = Account.nik_index.in_(blind_index("accounts.nik", nik))
    of_participant = Participant.nik_index.in_(blind_index("participants.nik", nik))
    account_id, participant_id = session.execute(
        select(
            select(Account.id).where(of_account).scalar_subquery(),
            select(Participant.id).where(of_participant).scalar_subquery(),
        )
    ).one()
    now, token = clock.now(), new_token()
    session.add(
        RecoveryAttempt(
            token_digest=digest(token),
            nik=nik,
            account_id=account_id,
            participant_id=participant_id,
            stage=RecoveryStage.METHOD,
            started_at=now,
            expires_at=now + LIFE,
        )
    )
    return token


def find(token: str) -> RecoveryAttempt | None:
    """The attempt of this token, also when it is DONE; None when it was cancelled or its time
    is over."""
    attempt = session.scalars(
        select(RecoveryAttempt).where(RecoveryAttempt.token_digest == digest(token))
    ).one_or_none()
    if attempt is None or attempt.stage is RecoveryStage.CANCELLED:
        return None
    is_done = attempt.stage is RecoveryStage.DONE
    return attempt if is_done or attempt.expires_at > clock.now() else None


def advance(
    attempt: RecoveryAttempt,
    stage: RecoveryStage,
    *,
    only_from: RecoveryStage | None = None,
    **values: object,
) -> None:
    """Unless it ended in this very moment, or is not at `only_from` any more: then the next page
    says so."""
    where = [RecoveryAttempt.id == attempt.id, RecoveryAttempt.stage.not_in(_OVER)]
    if only_from is not None:
        where.append(RecoveryAttempt.stage == only_from)
    session.execute(update(RecoveryAttempt).where(*where).values(stage=stage, **values))


def finish(attempt_id: int) -> RecoveryAttempt | None:
    """Make a proved attempt DONE; None when it was over already. Only one of many wins."""
    return session.scalars(
        update(RecoveryAttempt)
        .where(
            RecoveryAttempt.id == attempt_id,
            RecoveryAttempt.stage == RecoveryStage.PASSWORD,
            RecoveryAttempt.expires_at > clock.now(),
        )
        .values(stage=RecoveryStage.DONE, link_digest=None)
        .returning(RecoveryAttempt)
    ).one_or_none()


def cancel(token: str) -> None:
    """End the attempt of this token, if there is one."""
    session.execute(_cancelling(RecoveryAttempt.token_digest == digest(token)))


def cancel_all(account_id: int) -> None:
    """Whoever is under way to this account must begin anew."""
    session.execute(_CANCEL_ALL, {"of_account": account_id})


def keep_only_link(attempt: RecoveryAttempt) -> None:
    """Of all the e-mails that somebody was sent, the newest alone leads on."""
    of_person = RecoveryAttempt.nik_index.in_(blind_index("recovery_attempts.nik", attempt.nik))
    session.execute(
        update(RecoveryAttempt)
        .where(of_person, RecoveryAttempt.id != attempt.id)
        .values(link_digest=None)
    )


def is_link_live(token: str) -> bool:
    """Whether the link of an e-mail still leads on. Looking uses nothing up."""
    return session.scalar(select(RecoveryAttempt.id).where(*_live_link(token))) is not None


def use_link(token: str) -> RecoveryAttempt | None:
    """The attempt that the link leads on, which it never does again; None: it leads nowhere."""
    return session.scalars(
        update(RecoveryAttempt)
        .where(*_live_link(token))
        .values(link_digest=None)
        .returning(RecoveryAttempt)
    ).one_or_none()


@transactional
def forget_old() -> int:
    """Delete those that ended a day ago: until then they explain where somebody went."""
    old = delete(RecoveryAttempt).where(RecoveryAttempt.expires_at < clock.now() - _KEPT)
    return len(session.execute(old.returning(RecoveryAttempt.id)).all())


def _cancelling(which: ColumnElement[bool]) -> Update:
    return (
        update(RecoveryAttempt)
        .where(which, RecoveryAttempt.stage.not_in(_OVER))
        .values(stage=RecoveryStage.CANCELLED, link_digest=None, answers=None)
    )


# With every sign-in: built once, since building costs as much as asking.
_CANCEL_ALL = _cancelling(RecoveryAttempt.account_id == bindparam("of_account"))


def _live_link(token: str) -> tuple[ColumnElement[bool], ...]:
    return (
        RecoveryAttempt.link_digest == digest(token),
        RecoveryAttempt.stage.not_in(_OVER),
        RecoveryAttempt.expires_at > clock.now(),
    )
