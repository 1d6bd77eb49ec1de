"""What a registration has beside what every journey has: two doors, and a way to go on after its
time is over."""

import json
from collections.abc import Mapping
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
    typed: Mapping[str, str] | None = None,
    phone_as_typed: str | None = None,
) -> str:
    """Add a draft to the transaction under way; returns its token. `typed`: what was typed at the
    doors, by the names of the fields. `phone_as_typed`: fills in the phone, which still has to be
    given. A draft that begins at an end keeps none of these, nor name and birth date."""
    if stage in RegistrationDraft.ENDS:
        name = birth_date = typed = phone_as_typed = None
    return journeys.begin(
        RegistrationDraft(
            door=door,
            stage=stage,
            number=number,
            name=name,
            birth_date=birth_date,
            participant_id=participant_id,
            typed=None if typed is None else json.dumps(typed),
            phone_as_typed=phone_as_typed,
            started_at=clock.now(),
        )
    )


def typed_at_doors(draft: RegistrationDraft) -> dict[str, str]:
    """What the person typed at the doors, by the names of the fields. It is not what the records
    say: those know more than somebody who typed a card number."""
    return {} if draft.typed is None else dict(json.loads(draft.typed))


def advance(draft: RegistrationDraft, stage: RegistrationStage, **values: object) -> None:
    """Move a held draft on, in the transaction under way. Each step gives it its whole time
    again."""
    journeys.advance(draft, stage, expires_at=clock.now() + draft.LIFE, **values)


@transactional
def revive(draft: RegistrationDraft) -> None:
    """Let a draft whose time is over go on, from the phone on, with what was typed. What was proved
    has to be proved anew."""
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
