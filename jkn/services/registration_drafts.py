"""The rows of registrations under way: begun, found by their tokens, moved on, forgotten.

What changes one joins the transaction of the command that calls it.
"""

from datetime import date, timedelta

from sqlalchemy import delete, select, update

from jkn.database import session, transactional
from jkn.models import Door, RegistrationDraft, RegistrationStage
from jkn.services import clock
from jkn.services.tokens import digest, new_token

# Since the last step: people look for papers, and wait for an SMS.
LIFE = timedelta(hours=1)
_KEPT = timedelta(days=1)
_ENDS = (
    RegistrationStage.HAS_ACCOUNT,
    RegistrationStage.TOO_YOUNG,
    RegistrationStage.DECEASED,
    RegistrationStage.NO_NIK,
    RegistrationStage.DONE,
)


def begin(
    door: Door,
    number: str,
    *,
    stage: RegistrationStage = RegistrationStage.PHONE,
    name: str | None = None,
    birth_date: date | None = None,
    participant_id: int | None = None,
) -> str:
    """Add a draft; returns its token."""
    now, token = clock.now(), new_token()
    session.add(
        RegistrationDraft(
            token_digest=digest(token),
            door=door,
            stage=stage,
            number=number,
            name=name,
            birth_date=birth_date,
            participant_id=participant_id,
            started_at=now,
            expires_at=now + LIFE,
        )
    )
    return token


def find(token: str) -> RegistrationDraft | None:
    """The draft of this token, also when it is over; None when it was forgotten."""
    return session.scalars(
        select(RegistrationDraft).where(RegistrationDraft.token_digest == digest(token))
    ).one_or_none()


def stage_of(draft: RegistrationDraft) -> RegistrationStage:
    """Where its person is now."""
    is_over = draft.stage not in _ENDS and draft.expires_at <= clock.now()
    return RegistrationStage.EXPIRED if is_over else draft.stage


def advance(draft: RegistrationDraft, stage: RegistrationStage, **values: object) -> None:
    """Unless it ended in this very moment: then the next page says so."""
    session.execute(
        update(RegistrationDraft)
        .where(RegistrationDraft.id == draft.id, RegistrationDraft.stage.not_in(_ENDS))
        .values(stage=stage, expires_at=clock.now() + LIFE, **values)
    )


def finish(draft_id: int) -> RegistrationDraft | None:
    """Make a proved draft DONE; None when it was over already. Only one of many wins."""
    return session.scalars(
        update(RegistrationDraft)
        .where(
            RegistrationDraft.id == draft_id,
            RegistrationDraft.stage == RegistrationStage.PASSWORD,
            RegistrationDraft.expires_at > clock.now(),
        )
        .values(stage=RegistrationStage.DONE)
        .returning(RegistrationDraft)
    ).one_or_none()


@transactional
def revive(draft: RegistrationDraft) -> None:
    """Go on with what was typed after the time was over: from the phone on, and whatever was
    proved is to be proved anew."""
    advance(draft, RegistrationStage.PHONE, answers=None, answered_at=None)


@transactional
def forget_old() -> int:
    """Delete those whose time was over a day ago; returns how many."""
    old = delete(RegistrationDraft).where(RegistrationDraft.expires_at < clock.now() - _KEPT)
    return len(session.execute(old.returning(RegistrationDraft.id)).all())
