"""Drafts of registrations at different stages."""

from jkn.database import session, transaction
from jkn.models import Door, RegistrationDraft, RegistrationStage
from jkn.services.access import registration_drafts
from jkn.services.access.registration import Phone
from jkn.services.audit.audit_log import Client
from jkn.services.basics import clock, terms
from jkn.services.journeys import journeys
from tests.support.world.factories import make_resident

CLIENT = Client("203.0.113.7", "Tests/1.0")
PHONE = Phone("+6281388776655", "0813 8877 6655")
PASSWORD = "teh manis di beranda"


def draft_of(token: str) -> RegistrationDraft:
    """The draft, as a request finds it."""
    session.rollback()
    draft = journeys.find(RegistrationDraft, token)
    assert draft is not None
    return draft


def begun(number: str = "") -> str:
    """The token of a draft at the phone, of somebody whom the registry knows."""
    resident = make_resident()
    with transaction():
        return registration_drafts.begin(
            Door.NEW_USER,
            number or resident.nik,
            name=resident.name,
            birth_date=resident.birth_date,
        )


def proved(number: str = "") -> str:
    """The token of a draft at the password."""
    token = begun(number)
    with transaction():
        shown = terms.current()
        registration_drafts.advance(
            draft_of_in(token),
            RegistrationStage.PASSWORD,
            phone=PHONE.number,
            phone_as_typed=PHONE.as_typed,
            terms_version=shown.version,
            terms_hash=shown.text_hash,
            agreed_at=clock.now(),
        )
    return token


def draft_of_in(token: str) -> RegistrationDraft:
    """The row itself, within the transaction under way."""
    return session.get_one(RegistrationDraft, draft_of(token).id)
