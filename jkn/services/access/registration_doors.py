"""The two doors of Daftar: who the person says they are, and what is known of them (product.md
1.2).

New users are matched with the population registry. Mobile users give the number of a participant;
an unknown number gets a draft as well.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import select

from jkn.database import blind_index, session, transactional
from jkn.gateways.population_registry import Resident
from jkn.models import Door, Participant, RegistrationStage
from jkn.services.access import identity_check, registration_drafts
from jkn.services.access.identity_check import Claim, Mismatch
from jkn.services.audit import audit_log
from jkn.services.audit.audit_log import Client
from jkn.services.basics.identity_numbers import IdentityNumber, IdentityType
from jkn.services.credentials import captcha
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
    """The token of a new draft."""

    token: str


def begin_as_new_user(
    claim: Claim,
    answer: captcha.CaptchaAnswer,
    client: Client,
    *,
    is_sure: bool,
    typed: Mapping[str, str],
) -> BegunRegistration | DoorRefusal | Mismatch | RetryAfter:
    """Begin with what the population registry confirms. `is_sure`: the person was asked to check
    NIK and birth date, and says that both are right. `typed`: for whoever comes back to the
    door."""
    if not is_sure and not identity_check.fits_birth_date(claim.nik, claim.birth_date):
        return DoorRefusal.CHECK_AGAIN
    if not captcha.accept(answer, client):
        return DoorRefusal.WRONG_CAPTCHA
    found = identity_check.check(claim, client, answer.browser)
    if isinstance(found, Mismatch | RetryAfter):
        return found
    return _begin_matched(claim.nik, found, typed)


@transactional
def _begin_matched(nik: str, found: Resident, typed: Mapping[str, str]) -> BegunRegistration:
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
            typed=typed,
        )
    )


def begin_as_mobile_user(
    identity: IdentityNumber,
    answer: captcha.CaptchaAnswer,
    client: Client,
    *,
    typed: Mapping[str, str],
) -> BegunRegistration | DoorRefusal | RetryAfter:
    """Begin with a number that is a participant's, or nobody's. `typed`: for whoever comes back to
    the door."""
    if not captcha.accept(answer, client):
        return DoorRefusal.WRONG_CAPTCHA
    return _begin_claimed(identity, client, typed)


@transactional
def _begin_claimed(
    identity: IdentityNumber, client: Client, typed: Mapping[str, str]
) -> BegunRegistration | RetryAfter:
    if retry_after := audit_log.take_of_source(client, "registration", _STARTS_OF_A_SOURCE):
        return retry_after
    participant = _participant_of(identity)
    if participant is None:
        return BegunRegistration(
            registration_drafts.begin(Door.MOBILE_USER, identity.number, typed=typed)
        )
    return BegunRegistration(
        registration_drafts.begin(
            Door.MOBILE_USER,
            participant.nik or identity.number,
            name=participant.name,
            birth_date=participant.birth_date,
            participant_id=participant.id,
            typed=typed,
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
