"""Lupa Kata Sandi: a way back in for who has a registered phone or e-mail, or knows their own
record (product.md 2; security.md R22-R27).

Unknown people take the same steps, at the same cost, and never get further.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import select

from jkn.database import session, transactional
from jkn.models import (
    Account,
    Channel,
    Participant,
    RecoveryAttempt,
    RecoveryMethod,
    RecoveryStage,
)
from jkn.services import (
    captcha,
    clock,
    one_time_codes,
    personal_questions,
    question_rounds,
    recovery_attempts,
    security_events,
    waits,
)
from jkn.services.one_time_codes import Confirmation, Purpose, Recipient, Sent, TooSoon, Verdict
from jkn.services.question_rounds import Answered, Round
from jkn.services.security_events import Client
from jkn.services.tokens import digest, new_token
from jkn.services.waits import Budget, Wait

_STARTS_OF_A_SOURCE = Budget(burst=60, interval=timedelta(seconds=20))
_CHANNELS = {RecoveryMethod.SMS: Channel.SMS, RecoveryMethod.EMAIL: Channel.EMAIL}


class Refusal(StrEnum):
    """Why no attempt began."""

    WRONG_CAPTCHA = "wrong_captcha"


@dataclass(frozen=True)
class Begun:
    """The token of a new attempt."""

    token: str


@dataclass(frozen=True)
class Proved:
    """Who they are was shown; the attempt goes on under another token."""

    token: str


def start(
    nik: str, answer: captcha.Answer, client: Client, previous_token: str | None = None
) -> Begun | Refusal | Wait:
    """Begin, for anybody's NIK. What this browser had begun before ends; nothing else changes."""
    if not captcha.accept(answer, client):
        return Refusal.WRONG_CAPTCHA
    return _begin(nik, client, previous_token)


@transactional
def _begin(nik: str, client: Client, previous_token: str | None) -> Begun | Wait:
    source = waits.source_key(client.address, "recovery")
    if wait := security_events.take(source, _STARTS_OF_A_SOURCE, client):
        return wait
    recovery_attempts.cancel(previous_token or "")
    return Begun(recovery_attempts.begin(nik))


@transactional
def send_code(
    attempt: RecoveryAttempt, method: RecoveryMethod, client: Client
) -> Sent | TooSoon | Wait:
    """Send a code by SMS or e-mail to what is registered, if anything is."""
    channel = _CHANNELS[method]
    by_email = channel is Channel.EMAIL
    link_token = new_token() if by_email else None
    recipient = Recipient(channel, _address_of(attempt, channel))
    sent = one_time_codes.send(_confirmation(attempt), recipient, client, link_token=link_token)
    if not isinstance(sent, Sent):
        return sent
    recovery_attempts.advance(attempt, RecoveryStage.CODE, method=method)
    if link_token is not None:
        recovery_attempts.keep_only_link(attempt)
        recovery_attempts.advance(
            attempt,
            RecoveryStage.CODE,
            link_digest=digest(link_token),
            expires_at=clock.now() + recovery_attempts.LIFE_BY_EMAIL,
        )
    return sent


def last_sent(attempt: RecoveryAttempt) -> Sent | None:
    """The newest code of this attempt that still lives; None when there is none."""
    return one_time_codes.last_sent(_confirmation(attempt))


@transactional
def verify_code(attempt: RecoveryAttempt, typed: str, client: Client) -> Proved | Verdict | Wait:
    """Judge a code; a right one leads to the new password, or to the end that applies."""
    verdict = one_time_codes.verify(_confirmation(attempt), typed, client)
    if verdict is not Verdict.RIGHT:
        return verdict
    return _proved(attempt, attempt.method or RecoveryMethod.SMS)


@transactional
def follow_link(token: str) -> Proved | None:
    """Go on from an e-mail's link in this browser, and nowhere else; None: it leads no further."""
    attempt = recovery_attempts.use_link(token)
    return None if attempt is None else _proved(attempt, RecoveryMethod.EMAIL)


def wait_of_questions(attempt: RecoveryAttempt) -> Wait | None:
    """Until when nobody may answer for this person any more; None: now they may."""
    return personal_questions.wait_of(attempt.nik)


@transactional
def ask_questions(attempt: RecoveryAttempt) -> Wait | None:
    """Turn to the questions, the first one first; a Wait: too many were answered wrong."""
    if wait := wait_of_questions(attempt):
        return wait
    recovery_attempts.advance(
        attempt,
        RecoveryStage.QUESTIONS,
        method=RecoveryMethod.QUESTIONS,
        questions=question_rounds.draw(attempt.nik, attempt.participant_id),
        answers=None,
    )
    return None


def round_of(attempt: RecoveryAttempt) -> Round:
    """What is asked, and what was answered so far."""
    return Round(
        attempt.nik,
        attempt.participant_id,
        attempt.account_id,
        attempt.questions,
        attempt.answers,
    )


@transactional
def answer(
    attempt: RecoveryAttempt, number: int, text: str, client: Client
) -> Proved | Answered | Wait:
    """Keep the answer to question `number` (the first is 1); the last one is judged together with
    those before it."""
    outcome, answers = question_rounds.answer(round_of(attempt), number, text, client)
    if outcome is Answered.RIGHT:
        return _proved(attempt, RecoveryMethod.QUESTIONS)
    is_over = isinstance(outcome, Wait)
    stage = RecoveryStage.METHOD if is_over else RecoveryStage.QUESTIONS
    # Tapped twice, the last answer must not lead back to the first question.
    recovery_attempts.advance(attempt, stage, only_from=RecoveryStage.QUESTIONS, answers=answers)
    return outcome


def _proved(attempt: RecoveryAttempt, method: RecoveryMethod) -> Proved:
    account = None if attempt.account_id is None else session.get(Account, attempt.account_id)
    stage = _stage_after(method, account)
    token = new_token()
    recovery_attempts.advance(
        attempt,
        stage,
        method=method,
        token_digest=digest(token),
        link_digest=None,
        answers=None,
        expires_at=clock.now() + recovery_attempts.LIFE,
    )
    return Proved(token)


def _stage_after(method: RecoveryMethod, account: Account | None) -> RecoveryStage:
    if account is None:
        return RecoveryStage.NO_ACCOUNT
    if method is RecoveryMethod.QUESTIONS:
        if account.frozen_at is not None:
            return RecoveryStage.FROZEN
        # With nobody to warn, knowing things would be all it takes.
        if account.phone is None and account.email is None:
            return RecoveryStage.NO_CHANNEL
    return RecoveryStage.PASSWORD


def _address_of(attempt: RecoveryAttempt, channel: Channel) -> str | None:
    """Of the account; of the participant where there is none. One query for everybody."""
    by_sms = channel is Channel.SMS
    own = Account.phone if by_sms else Account.email
    recorded = Participant.phone if by_sms else Participant.email
    of_account, of_participant = session.execute(
        select(own, recorded)
        .select_from(RecoveryAttempt)
        .outerjoin(Account, Account.id == RecoveryAttempt.account_id)
        .outerjoin(Participant, Participant.id == RecoveryAttempt.participant_id)
        .where(RecoveryAttempt.id == attempt.id)
    ).one()
    address: str | None = of_participant if attempt.account_id is None else of_account
    return address


def _confirmation(attempt: RecoveryAttempt) -> Confirmation:
    return Confirmation(
        person=attempt.nik,
        purpose=Purpose.RECOVERY,
        flow=str(attempt.id),
        account_id=attempt.account_id,
    )
