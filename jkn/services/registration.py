"""Daftar, behind its doors: the phone, what shows that it is the person's, and the terms
(product.md 1.2; security.md R29, R62).

Who already has an account is told so only after the phone that was typed is proved by a code.
Unknown people are asked the same and never get further.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from jkn.database import blind_index, session, transactional
from jkn.models import (
    Account,
    Channel,
    Door,
    EventKind,
    Participant,
    RegistrationDraft,
    RegistrationStage,
)
from jkn.services import (
    account_channels,
    alerts,
    clock,
    counts,
    eligibility,
    one_time_codes,
    personal_questions,
    question_rounds,
    registration_drafts,
    security_events,
    terms,
    waits,
)
from jkn.services.alerts import Alert
from jkn.services.counts import Count
from jkn.services.one_time_codes import Confirmation, Purpose, Recipient, Sent, TooSoon, Verdict
from jkn.services.question_rounds import Answered, Round
from jkn.services.security_events import Client
from jkn.services.tokens import digest, new_token
from jkn.services.waits import Budget, Wait

# Or somebody could find out which phone is on record by trying one after the other.
_PHONES_OF_A_PERSON = Budget(burst=10, interval=timedelta(minutes=5))


@dataclass(frozen=True)
class Proved:
    """The phone is theirs; the draft goes on under another token."""

    token: str


@dataclass(frozen=True)
class Phone:
    """`number` in E.164, and `as_typed` as the person knows it."""

    number: str
    as_typed: str


@dataclass(frozen=True)
class QuestionsClosed:
    """Too many were answered wrong: nobody may answer for this person before `until`."""

    until: datetime


@transactional
def give_phone(
    draft: RegistrationDraft, phone: Phone, client: Client
) -> Sent | TooSoon | Wait | QuestionsClosed | None:
    """Send a code to the phone; None: the questions come first, because no record knows it."""
    tries = waits.budget_key("phones of a person", draft.number)
    if wait := waits.take(tries, _PHONES_OF_A_PERSON):
        return wait
    if draft.answered_at is None and needs_answers(draft, phone.number):
        if closed := wait_of_questions(draft):
            return closed
        registration_drafts.advance(
            draft,
            RegistrationStage.QUESTIONS,
            phone=phone.number,
            phone_as_typed=phone.as_typed,
            questions=question_rounds.draw(draft.number, draft.participant_id),
            answers=None,
        )
        return None
    waits.give_back(tries, _PHONES_OF_A_PERSON)
    return _turn_to_code(draft, phone, client)


def needs_answers(draft: RegistrationDraft, phone: str) -> bool:
    """Whether somebody who gives this phone has to show more. New users who are no participants
    have no record that could be asked about."""
    if draft.door is Door.NEW_USER and draft.participant_id is None:
        return False
    recorded = session.execute(
        select(Participant.phone, Account.phone)
        .outerjoin(Account, Account.participant_id == Participant.id)
        .where(Participant.id == draft.participant_id)
    ).one_or_none()
    return recorded is None or phone not in recorded


def wait_of_questions(draft: RegistrationDraft) -> QuestionsClosed | None:
    """Until when nobody may answer for this person; None: now they may."""
    wait = personal_questions.wait_of(draft.number)
    return None if wait is None or wait.until is None else QuestionsClosed(wait.until)


def round_of(draft: RegistrationDraft) -> Round:
    """What is asked, and what was answered so far."""
    return Round(
        draft.number, draft.participant_id, _account_id(draft), draft.questions, draft.answers
    )


@transactional
def answer(draft: RegistrationDraft, number: int, text: str, client: Client) -> Answered | Wait:
    """Take the answer to question `number` (the first is 1); after right ones the code goes out.
    When too many were wrong, another phone may still be given."""
    outcome, answers = question_rounds.answer(round_of(draft), number, text, client)
    if outcome is Answered.RIGHT:
        registration_drafts.advance(
            draft, RegistrationStage.TERMS, answers=None, answered_at=clock.now()
        )
        # One that may not go out yet can be asked for on the page where it is typed.
        _turn_to_code(draft, _phone_of(draft), client)
        return outcome
    is_over = isinstance(outcome, Wait)
    stage = RegistrationStage.PHONE if is_over else RegistrationStage.QUESTIONS
    registration_drafts.advance(draft, stage, answers=answers)
    return outcome


@transactional
def agree(draft: RegistrationDraft) -> None:
    """To the terms in force, which were shown."""
    shown = terms.current()
    registration_drafts.advance(
        draft,
        RegistrationStage.CODE,
        terms_version=shown.version,
        terms_hash=shown.text_hash,
        agreed_at=clock.now(),
    )


@transactional
def send_code(draft: RegistrationDraft, client: Client) -> Sent | TooSoon | Wait:
    """Send another code to the phone given."""
    return _send(draft, _phone_of(draft), client)


def last_sent(draft: RegistrationDraft) -> Sent | None:
    """The newest code to the phone given that still lives; None when there is none."""
    return one_time_codes.last_sent(_confirmation(draft, _phone_of(draft)))


@transactional
def verify_code(draft: RegistrationDraft, typed: str, client: Client) -> Proved | Verdict | Wait:
    """Judge a code; a right one leads to the password, or to the end that applies."""
    verdict = one_time_codes.verify(_confirmation(draft, _phone_of(draft)), typed, client)
    if verdict is not Verdict.RIGHT:
        return verdict
    stage = _stage_after_code(draft, client)
    if stage is not RegistrationStage.PASSWORD:
        counts.add(Count.REGISTRATIONS, stage)
    token = new_token()
    registration_drafts.advance(draft, stage, token_digest=digest(token))
    return Proved(token)


def _stage_after_code(draft: RegistrationDraft, client: Client) -> RegistrationStage:
    account_id = _account_id(draft)
    if account_id is not None:
        _tell_owner(session.get_one(Account, account_id), _phone_of(draft).number, client)
        return RegistrationStage.HAS_ACCOUNT
    participant = None
    if draft.participant_id is not None:
        participant = session.get_one(Participant, draft.participant_id)
    if eligibility.is_dead(participant):
        return RegistrationStage.DECEASED
    if draft.birth_date is None or eligibility.is_too_young(draft.birth_date):
        return RegistrationStage.TOO_YOUNG
    has_no_nik = participant is not None and participant.nik is None
    return RegistrationStage.NO_NIK if has_no_nik else RegistrationStage.PASSWORD


def _tell_owner(account: Account, phone: str, client: Client) -> None:
    """Unless it is the owner, who forgot having an account."""
    if phone in account_channels.phones_of(account):
        return
    security_events.add(EventKind.REGISTRATION_REPEATED, client, account_id=account.id)
    alerts.send(account, Alert.REGISTERED_AGAIN)


def _turn_to_code(draft: RegistrationDraft, phone: Phone, client: Client) -> Sent | TooSoon | Wait:
    """On with this phone. A code to it that still lives is good enough."""
    is_same = draft.phone == phone.number
    alive = one_time_codes.last_sent(_confirmation(draft, phone)) if is_same else None
    outcome = alive or _send(draft, phone, client)
    if isinstance(outcome, Sent):
        has_agreed = draft.agreed_at is not None
        registration_drafts.advance(
            draft,
            RegistrationStage.CODE if has_agreed else RegistrationStage.TERMS,
            phone=phone.number,
            phone_as_typed=phone.as_typed,
        )
    return outcome


def _send(draft: RegistrationDraft, phone: Phone, client: Client) -> Sent | TooSoon | Wait:
    recipient = Recipient(Channel.SMS, phone.number)
    return one_time_codes.send(_confirmation(draft, phone), recipient, client)


def _confirmation(draft: RegistrationDraft, phone: Phone) -> Confirmation:
    return Confirmation(
        person=draft.number,
        purpose=Purpose.REGISTRATION,
        flow=str(draft.id),
        confirms=phone.number,
    )


def _phone_of(draft: RegistrationDraft) -> Phone:
    return Phone(draft.phone or "", draft.phone_as_typed or "")


def _account_id(draft: RegistrationDraft) -> int | None:
    digests = blind_index("accounts.nik", draft.number)
    return session.scalar(select(Account.id).where(Account.nik_index.in_(digests)))
