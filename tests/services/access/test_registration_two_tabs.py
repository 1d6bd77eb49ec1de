"""Two tabs with one draft, each doing something else at the same moment, and what is left of a
draft that has ended (R62)."""

import pytest
from sqlalchemy import select

from jkn.database import session, transaction
from jkn.models import (
    Account,
    Door,
    Participant,
    RegistrationDraft,
    RegistrationStage,
)
from jkn.services.access import registered_account, registration, registration_drafts
from jkn.services.access.registration import Phone
from jkn.services.basics.outcomes import Outcome
from jkn.services.credentials.one_time_codes import Verdict
from tests.support.calls.one_code_calls import latest_code
from tests.support.calls.purge_calls import purged
from tests.support.calls.registration_calls import (
    CLIENT,
    PASSWORD,
    PHONE,
    begun,
    draft_of,
    draft_of_in,
    proved,
)
from tests.support.world.clock import Clock
from tests.support.world.factories import make_participant, make_resident

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.both_databases]


def at_terms_of(participant: Participant) -> str:
    """A draft of a participant with the recorded phone, to which a code was sent."""
    with transaction():
        token = registration_drafts.begin(
            Door.MOBILE_USER,
            participant.nik or "",
            name=participant.name,
            birth_date=participant.birth_date,
            participant_id=participant.id,
        )
    recorded = Phone(participant.phone or "", "0812")
    registration.give_phone(draft_of(token), recorded, CLIENT)
    assert draft_of(token).stage is RegistrationStage.TERMS
    return token


def test_agreeing_does_not_lead_around_the_questions(clock: Clock) -> None:
    token = at_terms_of(make_participant())
    other_tab = draft_of(token)
    clock.advance(minutes=2)
    assert registration.give_phone(draft_of(token), PHONE, CLIENT) is RegistrationStage.QUESTIONS
    registration.agree(other_tab)
    assert draft_of(token).stage is RegistrationStage.QUESTIONS
    assert registration.CODE.send_again(other_tab, CLIENT) is Outcome.ELSEWHERE


def test_a_code_does_not_prove_the_phone_that_another_tab_gave_meanwhile(clock: Clock) -> None:
    token = begun()
    registration.give_phone(draft_of(token), PHONE, CLIENT)
    registration.agree(draft_of(token))
    code, other_tab = latest_code(), draft_of(token)
    clock.advance(minutes=2)
    registration.give_phone(draft_of(token), Phone("+6281311112222", "0813"), CLIENT)
    assert registration.CODE.verify(other_tab, code, CLIENT) is Verdict.WRONG
    assert draft_of(token).stage is RegistrationStage.CODE


def test_the_last_answer_sent_twice_does_not_ask_anew() -> None:
    participant = make_participant()
    with transaction():
        token = registration_drafts.begin(
            Door.MOBILE_USER, participant.nik or "", participant_id=participant.id
        )
    registration.give_phone(draft_of(token), PHONE, CLIENT)
    other_tab = draft_of(token)
    with transaction():
        registration_drafts.advance(draft_of_in(token), RegistrationStage.TERMS)
    assert registration.answer(other_tab, 1, "Tidak tahu", CLIENT) is Outcome.ELSEWHERE
    assert draft_of(token).stage is RegistrationStage.TERMS


def test_a_draft_that_has_ended_keeps_nothing_but_its_stage() -> None:
    token = proved()
    registered_account.register(draft_of(token), PASSWORD, CLIENT)
    draft = draft_of(token)
    assert (draft.name, draft.birth_date, draft.phone, draft.phone_as_typed) == (None,) * 4


def test_a_person_who_was_enrolled_meanwhile_gets_an_account_with_the_membership() -> None:
    resident = make_resident()
    token = proved(resident.nik)
    participant = make_participant(nik=resident.nik)
    registered_account.register(draft_of(token), PASSWORD, CLIENT)
    session.rollback()
    (account,) = session.scalars(select(Account))
    assert account.participant_id == participant.id
    assert account.limited_until is not None


def test_a_draft_is_not_brought_back_for_ever(clock: Clock) -> None:
    token = begun()
    for _ in range(3):
        clock.advance(hours=15)
        registration_drafts.revive(draft_of(token))
    clock.advance(hours=4)
    assert purged(RegistrationDraft) == 1
