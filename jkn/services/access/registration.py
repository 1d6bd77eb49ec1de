"""Daftar, behind its doors: the phone, the proof that it is the person's, and the terms
(product.md 1.2; security.md R29, R62).

A person who already has an account is told so only after a code has proved the phone that they
typed. Unknown people are asked the same and never get further.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

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
from jkn.services.access import registration_drafts
from jkn.services.audit import audit_log
from jkn.services.audit.audit_log import Client
from jkn.services.basics import clock, metrics, terms
from jkn.services.basics.metrics import MetricName
from jkn.services.basics.outcomes import Outcome
from jkn.services.credentials import personal_questions, question_rounds
from jkn.services.credentials.journey_codes import JourneyCode
from jkn.services.credentials.one_time_codes import CodePurpose, Recipient, Sent, TooSoon
from jkn.services.credentials.personal_questions import Chances
from jkn.services.credentials.question_rounds import Answered, Round
from jkn.services.journeys import journeys
from jkn.services.membership import eligibility
from jkn.services.messaging import account_channels
from jkn.services.throttling import rate_limits
from jkn.services.throttling.rate_limits import RateLimit
from jkn.services.throttling.retry_after import RetryAfter

# Without limits, somebody could find the recorded phone by trying one number after the other.
_PHONES_OF_A_PERSON_HERE = RateLimit(burst=10, interval=timedelta(minutes=5))
_PHONES_OF_A_PERSON = RateLimit(burst=60, interval=timedelta(minutes=1))

BEFORE_THE_CODE = (
    RegistrationStage.PHONE,
    RegistrationStage.QUESTIONS,
    RegistrationStage.TERMS,
    RegistrationStage.CODE,
)


@dataclass(frozen=True)
class Phone:
    """`number`: in E.164. `as_typed`: as the person wrote it."""

    number: str
    as_typed: str


class PhoneRefusal(StrEnum):
    """Why no code was sent. QUESTIONS_CLOSED: the personal questions come first, and too many were
    answered wrong for this person."""

    QUESTIONS_CLOSED = "questions_closed"


@dataclass(frozen=True)
class PhonesClosed:
    """Too many phones were tried for this person: the next one may be at `until`."""

    until: datetime


PhoneOutcome = (
    Sent | TooSoon | RetryAfter | PhoneRefusal | PhonesClosed | RegistrationStage | Outcome
)


@transactional
def give_phone(seen: RegistrationDraft, phone: Phone, client: Client) -> PhoneOutcome:
    """Send a code to the phone. Returns QUESTIONS when the personal questions come first, because
    no record has this phone."""
    draft = journeys.hold(seen, *BEFORE_THE_CODE)
    if draft is None:
        return Outcome.ELSEWHERE
    is_another = draft.phone != phone.number
    if is_another and (too_many := _take_phone_limits(draft.number, client)):
        return too_many
    if draft.answered_at is None and needs_answers(draft, phone.number):
        typed = {"phone": phone.number, "phone_as_typed": phone.as_typed}
        if not chances_of(draft, client).left:
            if draft.stage in (RegistrationStage.PHONE, RegistrationStage.QUESTIONS):
                registration_drafts.advance(draft, draft.stage, **typed)
            return PhoneRefusal.QUESTIONS_CLOSED
        questions = question_rounds.draw(draft.number, draft.participant_id)
        # Whoever only went back to the phone goes on with the answers that were given.
        answers = draft.answers if questions == draft.questions else None
        registration_drafts.advance(
            draft, RegistrationStage.QUESTIONS, **typed, questions=questions, answers=answers
        )
        return RegistrationStage.QUESTIONS
    return _turn_to_code(draft, phone, client)


def needs_answers(draft: RegistrationDraft, phone: str) -> bool:
    """Whether a person who gives this phone has to answer the personal questions. New users who are
    no participants have no record that could be asked about."""
    if draft.door is Door.NEW_USER and draft.participant_id is None:
        return False
    of_nik = Account.nik_index.in_(blind_index("accounts.nik", draft.number))
    # The query returns one row for everybody, known or not, so that it takes the same time.
    recorded = session.execute(
        select(
            select(Participant.phone)
            .where(Participant.id == draft.participant_id)
            .scalar_subquery(),
            select(Account.phone).where(of_nik).scalar_subquery(),
        )
    ).one()
    return phone not in recorded


def chances_of(draft: RegistrationDraft, client: Client) -> Chances:
    """How often the questions may still be answered for this person, known or not."""
    return personal_questions.chances_of(draft.number, client, None)


def round_of(draft: RegistrationDraft) -> Round:
    """The questions of this draft, and the answers given so far."""
    # No account id: before the code, nobody may learn whether there is an account.
    return Round(draft.number, draft.participant_id, None, draft.questions, draft.answers)


@transactional
def answer(
    seen: RegistrationDraft, number: int, text: str, client: Client
) -> Answered | RetryAfter | Outcome:
    """Take the answer to question `number` (the first is 1). After right answers the code goes out;
    after too many wrong ones, another phone may still be given."""
    draft = journeys.hold(seen, RegistrationStage.QUESTIONS)
    if draft is None:
        return Outcome.ELSEWHERE
    outcome, answers = question_rounds.answer(round_of(draft), number, text, client)
    if outcome is Answered.RIGHT:
        registration_drafts.advance(
            draft, RegistrationStage.TERMS, answers=None, answered_at=clock.now()
        )
        # If the code may not go out yet, the person asks for it on the page where it is typed.
        _turn_to_code(draft, _phone_of(draft), client)
        return outcome
    is_over = isinstance(outcome, RetryAfter)
    stage = RegistrationStage.PHONE if is_over else RegistrationStage.QUESTIONS
    registration_drafts.advance(draft, stage, answers=answers)
    return outcome


@transactional
def agree(seen: RegistrationDraft) -> None:
    """Note that the person agreed to the terms in force, which they were shown."""
    draft = journeys.hold(seen, RegistrationStage.TERMS, RegistrationStage.CODE)
    if draft is None:
        return
    shown = terms.current()
    registration_drafts.advance(
        draft,
        RegistrationStage.CODE,
        terms_version=shown.version,
        terms_hash=shown.text_hash,
        agreed_at=clock.now(),
    )


def _accept_code(draft: RegistrationDraft, client: Client) -> str:
    """Go on to the password, or to the end that applies. Returns the draft's rotated token."""
    stage = _stage_after_code(draft, client)
    if stage is not RegistrationStage.PASSWORD:
        metrics.count(MetricName.REGISTRATIONS, stage)
    return journeys.rotate(draft, stage, client.sent, expires_at=clock.now() + draft.LIFE)


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
    """Tell the owner of a second registration, unless the phone shows that it is the owner, who
    forgot the account."""
    if phone in account_channels.phones_of(account):
        return
    audit_log.log(EventKind.REGISTRATION_REPEATED, client, account_id=account.id)


def _turn_to_code(
    draft: RegistrationDraft, phone: Phone, client: Client
) -> Sent | TooSoon | RetryAfter:
    """Go on with this phone. No code is sent while an earlier one to it is still good."""
    is_same = draft.phone == phone.number
    alive = CODE.last_sent(draft) if is_same else None
    outcome = alive or CODE.send(draft, client, Recipient(Channel.SMS, phone.number))
    if isinstance(outcome, Sent):
        has_agreed = draft.agreed_at is not None
        registration_drafts.advance(
            draft,
            RegistrationStage.CODE if has_agreed else RegistrationStage.TERMS,
            phone=phone.number,
            phone_as_typed=phone.as_typed,
            answers=None,
        )
    return outcome


def _take_phone_limits(number: str, client: Client) -> PhonesClosed | None:
    """Take one phone from both rate limits, which are asked each time. The limit of one source is
    small, the limit of all sources large, so that no stranger keeps the owner from registering."""
    here = rate_limits.limit_key("phones of a person", f"{number} {client.address}")
    anywhere = rate_limits.limit_key("phones of a person", number)
    asked = [
        rate_limits.take(here, _PHONES_OF_A_PERSON_HERE),
        rate_limits.take(anywhere, _PHONES_OF_A_PERSON),
    ]
    until = [it.until for it in asked if it is not None and it.until is not None]
    return PhonesClosed(max(until)) if until else None


def _phone_of(draft: RegistrationDraft) -> Phone:
    return Phone(draft.phone or "", draft.phone_as_typed or "")


def _account_id(draft: RegistrationDraft) -> int | None:
    """The person's account, also when the participant's NIK was corrected after it was made."""
    of_nik = Account.nik_index.in_(blind_index("accounts.nik", draft.number))
    # Many accounts have no membership: a comparison with None would find any of them.
    of_participant = Account.participant_id.is_not(None) & (
        Account.participant_id == draft.participant_id
    )
    return session.scalars(select(Account.id).where(of_nik | of_participant)).first()


CODE = JourneyCode[RegistrationDraft](
    RegistrationStage.CODE,
    CodePurpose.REGISTRATION,
    recipient=lambda draft: Recipient(Channel.SMS, draft.phone),
    accept=_accept_code,
    person=lambda draft: draft.number,
    confirms_address=True,
)
