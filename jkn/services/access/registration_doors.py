"""The two doors of Daftar: who the person says they are, and what is known of them (product.md
1.2).

New users are matched with the population registry. Mobile users give the number of a participant;
an unknown number gets a draft as well.

Whoever comes back to a door, and is still the same person, goes on with the draft that this browser
has: nothing is asked twice.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import select

from jkn.database import blind_index, session, transactional
from jkn.gateways.population_registry import Resident
from jkn.models import Door, Participant, RegistrationDraft, RegistrationStage
from jkn.services.access import identity_check, registration_drafts
from jkn.services.access.identity_check import Claim, Mismatch
from jkn.services.access.registration import BEFORE_THE_CODE
from jkn.services.audit import audit_log
from jkn.services.audit.audit_log import Client
from jkn.services.basics import name_matching
from jkn.services.basics.identity_numbers import IdentityNumber, IdentityType, read_identity
from jkn.services.credentials import captcha
from jkn.services.journeys import journeys
from jkn.services.membership import eligibility
from jkn.services.throttling.rate_limits import RateLimit
from jkn.services.throttling.retry_after import RetryAfter

_STARTS_OF_A_SOURCE = RateLimit(burst=60, interval=timedelta(seconds=20))


class DoorRefusal(StrEnum):
    """Why no draft began. CHECK_AGAIN: the NIK was issued for another birth date, which is legal
    and rare; neither the captcha nor the registry was asked yet."""

    WRONG_CAPTCHA = "wrong_captcha"
    CHECK_AGAIN = "check_again"


@dataclass(frozen=True)
class BegunRegistration:
    """The token of a new draft; None: the draft of this browser goes on."""

    token: str | None


@dataclass(frozen=True)
class Typed:
    """`here`: what was typed at this door, by the names of the fields, for whoever comes back to
    it. `before`: the draft that this browser has. `comes_back`: it was gone back from, so a new
    draft keeps what was typed on the way; without that the next person at this phone may have
    opened the door."""

    here: Mapping[str, str]
    before: RegistrationDraft | None = None
    comes_back: bool = False

    def at_doors(self) -> dict[str, str]:
        """What was typed at this door and, on the way, at the other one."""
        if self.before is None or not self.comes_back:
            return dict(self.here)
        return {**registration_drafts.typed_at_doors(self.before), **self.here}

    def phone(self) -> str | None:
        """The phone, as it was typed on the way."""
        if self.before is None or not self.comes_back:
            return None
        return self.before.phone_as_typed


def begin_as_new_user(
    claim: Claim,
    answer: captcha.CaptchaAnswer,
    client: Client,
    *,
    is_sure: bool,
    typed: Typed,
) -> BegunRegistration | DoorRefusal | Mismatch | RetryAfter:
    """Begin with what the population registry confirms, or go on with what it has confirmed.
    `is_sure`: the person was asked to check NIK and birth date, and says that both are right."""
    is_same = typed.before is not None and _is_claim_of(typed.before, claim)
    is_sure = is_sure or is_same
    if not is_sure and not identity_check.fits_birth_date(claim.nik, claim.birth_date):
        return DoorRefusal.CHECK_AGAIN
    if not captcha.accept(answer, client):
        return DoorRefusal.WRONG_CAPTCHA
    if is_same and _go_on(typed):
        return BegunRegistration(None)
    found = identity_check.check(claim, client, answer.browser)
    if isinstance(found, Mismatch | RetryAfter):
        return found
    return _begin_matched(claim.nik, found, typed)


def _is_claim_of(draft: RegistrationDraft, claim: Claim) -> bool:
    return (
        draft.door is Door.NEW_USER
        and (draft.number, draft.birth_date) == (claim.nik, claim.birth_date)
        and name_matching.person_name(draft.name or "") == name_matching.person_name(claim.name)
    )


@transactional
def _begin_matched(nik: str, found: Resident, typed: Typed) -> BegunRegistration:
    participant = _participant_of(IdentityNumber(IdentityType.NIK, nik))
    stage = RegistrationStage.PHONE
    if found.is_deceased or eligibility.is_dead(participant):
        stage = RegistrationStage.DECEASED
    elif eligibility.is_too_young(found.birth_date):
        stage = RegistrationStage.TOO_YOUNG
    return BegunRegistration(
        registration_drafts.begin(
            Door.NEW_USER,
            nik,
            stage=stage,
            name=found.name,
            birth_date=found.birth_date,
            participant_id=None if participant is None else participant.id,
            typed=typed.at_doors(),
            phone_as_typed=typed.phone(),
        )
    )


def begin_as_mobile_user(
    identity: IdentityNumber,
    answer: captcha.CaptchaAnswer,
    client: Client,
    *,
    typed: Typed,
) -> BegunRegistration | DoorRefusal | RetryAfter:
    """Begin with a number that is a participant's, or nobody's, or go on with it."""
    if not captcha.accept(answer, client):
        return DoorRefusal.WRONG_CAPTCHA
    if typed.before is not None and _is_number_of(typed.before, identity) and _go_on(typed):
        return BegunRegistration(None)
    return _begin_claimed(identity, client, typed)


def _is_number_of(draft: RegistrationDraft, identity: IdentityNumber) -> bool:
    # What was typed, since the draft's own number may be the NIK that belongs to a card.
    number = registration_drafts.typed_at_doors(draft).get("number", "")
    return draft.door is Door.MOBILE_USER and read_identity(number) == identity


@transactional
def _go_on(typed: Typed) -> bool:
    """Whether the draft goes on where it was; it may have gone elsewhere meanwhile. What was proved
    and agreed to is the same person's, in the same browser."""
    draft = None if typed.before is None else journeys.hold(typed.before, *BEFORE_THE_CODE)
    if draft is None:
        return False
    at_doors = {**registration_drafts.typed_at_doors(draft), **typed.here}
    registration_drafts.advance(draft, draft.stage, typed=json.dumps(at_doors))
    return True


@transactional
def _begin_claimed(
    identity: IdentityNumber, client: Client, typed: Typed
) -> BegunRegistration | RetryAfter:
    if retry_after := audit_log.take_of_source(client, "registration", _STARTS_OF_A_SOURCE):
        return retry_after
    participant = _participant_of(identity)
    if participant is None:
        return BegunRegistration(
            registration_drafts.begin(
                Door.MOBILE_USER,
                identity.number,
                typed=typed.at_doors(),
                phone_as_typed=typed.phone(),
            )
        )
    return BegunRegistration(
        registration_drafts.begin(
            Door.MOBILE_USER,
            participant.nik or identity.number,
            name=participant.name,
            birth_date=participant.birth_date,
            participant_id=participant.id,
            typed=typed.at_doors(),
            phone_as_typed=typed.phone(),
        )
    )


def _participant_of(identity: IdentityNumber) -> Participant | None:
    if identity.type is IdentityType.NIK:
        digests = blind_index("participants.nik", identity.number)
        found = Participant.nik_index.in_(digests)
    else:
        digests = blind_index("participants.card_number", identity.number)
        found = Participant.card_number_index.in_(digests)
    return session.scalars(select(Participant).where(found)).one_or_none()
