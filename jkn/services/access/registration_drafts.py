"""What registrations add to the journeys that they are: two doors, and a way back in after their
time was over."""

from datetime import date

from sqlalchemy import update

from jkn.database import session, transactional
from jkn.models import Door, RegistrationDraft, RegistrationStage
from jkn.services.basics import clock
from jkn.services.journeys import journeys


def begin(
    door: Door,
    number: str,
    *,
    stage: RegistrationStage = RegistrationStage.PHONE,
    name: str | None = None,
    birth_date: date | None = None,
    participant_id: int | None = None,
) -> str:
    """Add a draft to the transaction under way; returns its token. At an end nothing is kept but
    where it is."""
    if stage in RegistrationDraft.ENDS:
        name = birth_date = None
    return journeys.begin(
        RegistrationDraft(
            door=door,
            stage=stage,
            number=number,
            name=name,
            birth_date=birth_date,
            participant_id=participant_id,
            started_at=clock.now(),
        )
    )


def advance(draft: RegistrationDraft, stage: RegistrationStage, **values: object) -> None:
    """Move on a draft that is held, in the transaction under way: each step gives it time for the
    next."""
    journeys.advance(draft, stage, expires_at=clock.now() + draft.LIFE, **values)


@transactional
def revive(draft: RegistrationDraft) -> None:
    """Go on with what was typed after the time was over: from the phone on, and whatever was
    proved is to be proved anew."""
    session.execute(
        update(RegistrationDraft)
        .where(
            RegistrationDraft.id == draft.id,
            RegistrationDraft.token_digest == draft.token_digest,
            RegistrationDraft.stage.not_in(RegistrationDraft.ENDS),
            RegistrationDraft.expires_at <= clock.now(),
        )
        .values(
            stage=RegistrationStage.PHONE,
            expires_at=clock.now() + draft.LIFE,
            answers=None,
            answered_at=None,
        )
    )
