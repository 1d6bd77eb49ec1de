"""Lupa Kata Sandi: a way back in for a person who has a registered phone or e-mail, or knows what
their own membership record says (product.md 2; security.md R22-R27).

Unknown people take the same steps, at the same cost, and never get further.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import select

from jkn.database import blind_index, session, transactional
from jkn.models import (
    Account,
    Channel,
    Participant,
    RecoveryAttempt,
    RecoveryMethod,
    RecoveryStage,
)
from jkn.services.access import recovery_links
from jkn.services.audit import audit_log
from jkn.services.audit.audit_log import Client
from jkn.services.basics import clock
from jkn.services.basics.outcomes import Outcome
from jkn.services.basics.tokens import digest, new_token
from jkn.services.credentials import captcha, personal_questions, question_rounds
from jkn.services.credentials.journey_codes import JourneyCode
from jkn.services.credentials.one_time_codes import CodePurpose, Recipient, Sent, TooSoon
from jkn.services.credentials.personal_questions import Chances
from jkn.services.credentials.question_rounds import Answered, Round
from jkn.services.journeys import journeys
from jkn.services.messaging.channels import CHANNELS
from jkn.services.throttling.rate_limits import RateLimit
from jkn.services.throttling.retry_after import RetryAfter

# E-mails may be slow. The link in one is good for as long as the attempt lives.
_LIFE_BY_EMAIL = timedelta(hours=1)
_BEFORE_PROOF = (RecoveryStage.METHOD, RecoveryStage.CODE, RecoveryStage.QUESTIONS)
_STARTS_OF_A_SOURCE = RateLimit(burst=60, interval=timedelta(seconds=20))


class RecoveryRefusal(StrEnum):
    """Why no attempt began."""

    WRONG_CAPTCHA = "wrong_captcha"


@dataclass(frozen=True)
class BegunRecovery:
    """The token of a new attempt."""

    token: str


@dataclass(frozen=True)
class ProvedRecovery:
    """The person has shown who they are. `token`: the attempt's rotated token."""

    token: str


def start(
    nik: str, answer: captcha.CaptchaAnswer, client: Client, previous_token: str | None = None
) -> BegunRecovery | RecoveryRefusal | RetryAfter:
    """Begin an attempt for any NIK, known or not. `previous_token`: of the attempt that this
    browser had begun before, which ends; nothing else changes."""
    if not captcha.accept(answer, client):
        return RecoveryRefusal.WRONG_CAPTCHA
    return _begin(nik, client, previous_token)


@transactional
def _begin(nik: str, client: Client, previous_token: str | None) -> BegunRecovery | RetryAfter:
    if retry_after := audit_log.take_of_source(client, "recovery", _STARTS_OF_A_SOURCE):
        return retry_after
    journeys.end(RecoveryAttempt, previous_token)
    account_id, participant_id = _owners_of(nik)
    attempt = RecoveryAttempt(
        nik=nik,
        account_id=account_id,
        participant_id=participant_id,
        stage=RecoveryStage.METHOD,
        started_at=clock.now(),
    )
    return BegunRecovery(journeys.begin(attempt))


@transactional
def send_code(
    seen: RecoveryAttempt, method: RecoveryMethod, client: Client
) -> Sent | TooSoon | RetryAfter | Outcome:
    """Send a code by SMS or e-mail to the registered phone or address, if there is one."""
    attempt = journeys.hold(seen, *_BEFORE_PROOF)
    if attempt is None:
        return Outcome.ELSEWHERE
    # A method that sends a code has the name of its channel.
    channel = Channel(method)
    link_token = new_token() if CHANNELS[channel].carries_link else None
    sent = CODE.send(attempt, client, _recipient(attempt, channel), link_token=link_token)
    if not isinstance(sent, Sent):
        return sent
    journeys.advance(attempt, RecoveryStage.CODE, method=method)
    if link_token is not None:
        recovery_links.keep_only(attempt)
        attempt.link_digest = digest(link_token)
        attempt.expires_at = clock.now() + _LIFE_BY_EMAIL
    return sent


@transactional
def follow_link(token: str, client: Client, own_token: str | None = None) -> ProvedRecovery | None:
    """Go on from an e-mail's link, in this browser alone. `own_token`: of the attempt that this
    browser has begun. None: the link leads no further."""
    attempt = recovery_links.use(token)
    if attempt is None:
        return None
    attempt.is_elsewhere = attempt.token_digest != digest(own_token or "")
    return ProvedRecovery(_prove(attempt, RecoveryMethod.EMAIL, client, token))


def retry_after_of_questions(attempt: RecoveryAttempt, client: Client) -> RetryAfter | None:
    """When the questions may be answered for this person again; None: now."""
    return personal_questions.retry_after_of(attempt.nik, client, attempt.account_id)


def chances_of_questions(attempt: RecoveryAttempt, client: Client) -> Chances:
    """How often the questions may still be answered for this person, known or not."""
    return personal_questions.chances_of(attempt.nik, client, attempt.account_id)


@transactional
def ask_questions(seen: RecoveryAttempt, client: Client) -> RetryAfter | None:
    """Turn to the questions, beginning with the first. RetryAfter: too many were answered wrong."""
    if retry_after := retry_after_of_questions(seen, client):
        return retry_after
    attempt = journeys.hold(seen, *_BEFORE_PROOF)
    if attempt is not None:
        journeys.advance(
            attempt,
            RecoveryStage.QUESTIONS,
            method=RecoveryMethod.QUESTIONS,
            questions=question_rounds.draw(attempt.nik, attempt.participant_id),
            answers=None,
        )
    return None


def round_of(attempt: RecoveryAttempt) -> Round:
    """The questions of this attempt, and the answers given so far."""
    return Round(
        attempt.nik,
        attempt.participant_id,
        attempt.account_id,
        attempt.questions,
        attempt.answers,
    )


@transactional
def answer(
    seen: RecoveryAttempt, number: int, text: str, client: Client
) -> ProvedRecovery | Answered | RetryAfter | Outcome:
    """Keep the answer to question `number` (the first is 1). With the last one, all of them are
    judged together."""
    # The last answer, tapped twice, must not lead back to the first question.
    attempt = journeys.hold(seen, RecoveryStage.QUESTIONS)
    if attempt is None:
        return Outcome.ELSEWHERE
    outcome, answers = question_rounds.answer(round_of(attempt), number, text, client)
    if outcome is Answered.RIGHT:
        return ProvedRecovery(_prove(attempt, RecoveryMethod.QUESTIONS, client))
    is_over = isinstance(outcome, RetryAfter)
    stage = RecoveryStage.METHOD if is_over else RecoveryStage.QUESTIONS
    journeys.advance(attempt, stage, answers=answers)
    return outcome


def _owners_of(nik: str) -> tuple[int | None, int | None]:
    """The ids of the account and of the participant with this NIK. The query returns one row for
    everybody, known or not, so that it takes the same time."""
    of_account = Account.nik_index.in_(blind_index("accounts.nik", nik))
    of_participant = Participant.nik_index.in_(blind_index("participants.nik", nik))
    account_id, participant_id = session.execute(
        select(
            select(Account.id).where(of_account).scalar_subquery(),
            select(Participant.id).where(of_participant).scalar_subquery(),
        )
    ).one()
    return account_id, participant_id


def _prove(
    attempt: RecoveryAttempt, method: RecoveryMethod, client: Client, link_token: str | None = None
) -> str:
    """The person has shown who they are: go on to the new password, or to the end that applies.
    Returns the attempt's rotated token."""
    account = None if attempt.account_id is None else session.get(Account, attempt.account_id)
    stage = _stage_after(method, account)
    return journeys.rotate(
        attempt,
        stage,
        client.sent,
        link_token,
        method=method,
        link_digest=None,
        answers=None,
        expires_at=clock.now() + attempt.LIFE,
    )


def _stage_after(method: RecoveryMethod, account: Account | None) -> RecoveryStage:
    if account is None:
        return RecoveryStage.NO_ACCOUNT
    if method is RecoveryMethod.QUESTIONS:
        if account.frozen_at is not None:
            return RecoveryStage.FROZEN
        # Without a channel to warn, knowing the answers would be enough to take the account.
        if account.phone is None and account.email is None:
            return RecoveryStage.NO_CHANNEL
    return RecoveryStage.PASSWORD


def _recipient(attempt: RecoveryAttempt, channel: Channel) -> Recipient:
    """The address of the account, or of the participant where there is no account. One query for
    everybody, so that it takes the same time.

    An account that waits for the family has its participant's where it has none: a freeze took the
    stranger's phone away, and the office may have recorded that of its person since."""
    attribute = CHANNELS[channel].attribute
    own, recorded = getattr(Account, attribute), getattr(Participant, attribute)
    of_account, of_participant, waits_since = session.execute(
        select(own, recorded, Account.unconfirmed_since)
        .select_from(RecoveryAttempt)
        .outerjoin(Account, Account.id == RecoveryAttempt.account_id)
        .outerjoin(Participant, Participant.id == RecoveryAttempt.participant_id)
        .where(RecoveryAttempt.id == attempt.id)
    ).one()
    is_taken_away = of_account is None and waits_since is not None
    is_recorded = attempt.account_id is None or is_taken_away
    return Recipient(channel, of_participant if is_recorded else of_account)


CODE = JourneyCode[RecoveryAttempt](
    RecoveryStage.CODE,
    CodePurpose.RECOVERY,
    recipient=lambda attempt: _recipient(attempt, Channel(attempt.method or RecoveryMethod.SMS)),
    accept=lambda attempt, client: _prove(attempt, attempt.method or RecoveryMethod.SMS, client),
    person=lambda attempt: attempt.nik,
)
