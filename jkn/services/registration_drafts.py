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
# However often somebody comes back: what the registry said is no news by then.
_LONGEST = timedelta(days=2)
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
    """Add a draft; returns its token. At an end nothing is kept but where it is."""
    if stage in _ENDS:
        name = birth_date = None
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
        select(RegistrationDraft).where(
            RegistrationDraft.token_digest == digest(token),
            RegistrationDraft.started_at > clock.now() - _LONGEST,
        )
    ).one_or_none()


def stage_of(draft: RegistrationDraft) -> RegistrationStage:
    """Where its person is now."""
    is_over = draft.stage not in _ENDS and draft.expires_at <= clock.now()
    return RegistrationStage.EXPIRED if is_over else draft.stage


def hold(draft: RegistrationDraft, *stages: RegistrationStage) -> RegistrationDraft | None:
    """The draft as it is now, which nobody else changes until the transaction under way ends;
    None when it is at none of these stages any more, or goes on under another token: then the
    next page says where it is. What was read before may be old."""
    return session.scalars(
        update(RegistrationDraft)
        .where(
            RegistrationDraft.id == draft.id,
            RegistrationDraft.token_digest == draft.token_digest,
            RegistrationDraft.stage.in_(stages),
            RegistrationDraft.expires_at > clock.now(),
        )
        .values(stage=RegistrationDraft.stage)
        .returning(RegistrationDraft)
        .execution_options(populate_existing=True)
    ).one_or_none()


def advance(draft: RegistrationDraft, stage: RegistrationStage, **values: object) -> None:
    """Move on a draft that is held. At an end nothing is kept but where it is."""
    if stage in _ENDS:
        values |= dict.fromkeys(("name", "birth_date", "phone", "phone_as_typed", "answers"))
    session.execute(
        update(RegistrationDraft)
        .where(RegistrationDraft.id == draft.id)
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
    session.execute(
        update(RegistrationDraft)
        .where(
            RegistrationDraft.id == draft.id,
            RegistrationDraft.token_digest == draft.token_digest,
            RegistrationDraft.stage.not_in(_ENDS),
            RegistrationDraft.expires_at <= clock.now(),
        )
        .values(
            stage=RegistrationStage.PHONE,
            expires_at=clock.now() + LIFE,
            answers=None,
            answered_at=None,
        )
    )


@transactional
def forget_old() -> int:
    """Delete those whose time was over a day ago, or that began long ago; returns how many."""
    now = clock.now()
    is_over = RegistrationDraft.expires_at < now - _KEPT
    is_old = RegistrationDraft.started_at < now - _LONGEST
    old = delete(RegistrationDraft).where(is_over | is_old)
    return len(session.execute(old.returning(RegistrationDraft.id)).all())
