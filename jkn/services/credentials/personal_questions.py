"""Questions about what stands in a person's membership record (product.md 2; security.md R26).

Right answers do not prove who somebody is (NIST SP 800-63B-4 4.2): a flow that accepts them warns
the registered channels, and opens less than after a code. Unknown people are asked as well, and
their answers are never right.
"""

import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from jkn.database import blind_index, session
from jkn.models import Account, EventKind, Facility, Family, Participant
from jkn.services.audit import audit_log
from jkn.services.audit.audit_log import Client
from jkn.services.basics import name_matching
from jkn.services.basics.typed_text import without_separators
from jkn.services.credentials import known_devices
from jkn.services.throttling import failure_counters
from jkn.services.throttling.failure_counters import Backoff
from jkn.services.throttling.retry_after import RetryAfter

ASKED = 3
LONGEST_ANSWER = 100
# Three attempts, then one a day, until the answers are right. All flows share a person's counters:
# one of the browsers that the account knows, and one of all others.
ATTEMPTS = 3
QUESTION_BACKOFF = Backoff(free=ATTEMPTS - 1, first=timedelta(days=1), longest=timedelta(days=1))


@dataclass(frozen=True)
class Chances:
    """`left`: how many attempts are still looked at in a row; 0: none before `until`. `is_daily`:
    the free attempts are used up, and one comes back each day."""

    left: int
    until: datetime | None
    is_daily: bool


class Question(StrEnum):
    """What is asked for."""

    FAMILY_CARD = "family_card"
    MOTHER = "mother"
    BIRTH_PLACE = "birth_place"
    FACILITY = "facility"
    RELATIVE = "relative"


_COMPARED_AS = {
    Question.FAMILY_CARD: without_separators,
    Question.MOTHER: name_matching.person_name,
    Question.BIRTH_PLACE: name_matching.place_name,
    Question.FACILITY: name_matching.facility_name,
    Question.RELATIVE: name_matching.person_name,
}


def drawn_for(nik: str, participant_id: int | None) -> list[Question]:
    """Three questions that the record can answer; any three where there is no record.

    They are always the same for the same number: beginning anew brings no easier ones, and does not
    show by what is never asked whether there is a record.
    """
    order = {it: blind_index("personal_questions", f"{nik}:{it}")[0] for it in Question}
    other = aliased(Participant)
    has_relative = exists().where(
        other.family_id == Participant.family_id, other.id != Participant.id
    )
    record = session.execute(
        select(Participant.primary_facility_code, has_relative).where(
            Participant.id == participant_id
        )
    ).one_or_none()
    unanswerable = set()
    if record is not None:
        facility_code, is_not_alone = record
        unanswerable = {
            question
            for question, is_answerable in (
                (Question.FACILITY, facility_code is not None),
                (Question.RELATIVE, is_not_alone),
            )
            if not is_answerable
        }
    return sorted(set(Question) - unanswerable, key=order.__getitem__)[:ASKED]


def retry_after_of(nik: str, client: Client, account_id: int | None) -> RetryAfter | None:
    """What answers at this moment would get, without counting an attempt. None: they are judged."""
    return failure_counters.retry_after_of(_counter_key(nik, client, account_id), QUESTION_BACKOFF)


def chances_of(nik: str, client: Client, account_id: int | None) -> Chances:
    """How often this person's questions may still be answered, to be told before they are."""
    key = _counter_key(nik, client, account_id)
    failures, retry_after = failure_counters.standing_of(key, QUESTION_BACKOFF)
    if retry_after is not None:
        return Chances(0, retry_after.until, is_daily=True)
    free = ATTEMPTS - failures
    return Chances(max(free, 1), None, is_daily=free < 1)


def judge(
    nik: str,
    participant_id: int | None,
    answers: Mapping[Question, str],
    client: Client,
    account_id: int | None,
) -> bool | RetryAfter:
    """Whether all the answers are right; never which are wrong. Counts an attempt, in the
    transaction under way. RetryAfter: too many were wrong, so that these were not looked at.
    `account_id` only says whom to tell."""
    counter_key = _counter_key(nik, client, account_id)
    if retry_after := failure_counters.count_attempt(counter_key, QUESTION_BACKOFF):
        if retry_after.is_first:
            audit_log.log(
                EventKind.AUTHN_ANSWERS_FAIL_MAX,
                client,
                account_id=account_id,
                count=retry_after.failures,
            )
        return retry_after
    truth = _record_of(participant_id)
    # Every answer is compared, whatever the ones before it were.
    are_right = [_is_one_of(truth[it], answer, it) for it, answer in answers.items()]
    if participant_id is not None and are_right and all(are_right):
        failure_counters.reset(counter_key)
        # The owner of a frozen account is not warned: answers do not open it.
        account = None if account_id is None else session.get(Account, account_id)
        audit_log.log(
            EventKind.AUTHN_ANSWERS_SUCCESS,
            client,
            account_id=account_id,
            warns=account is not None and account.frozen_at is None,
        )
        return True
    audit_log.log(EventKind.AUTHN_ANSWERS_FAIL, client, account_id=account_id)
    return False


def forgive_everywhere(nik: str) -> None:
    """Let both failure counters of this person begin anew, in the transaction under way."""
    for is_known in (False, True):
        failure_counters.reset(failure_counters.person_key(f"questions:{nik}", is_known=is_known))


def _record_of(participant_id: int | None) -> dict[Question, Sequence[str]]:
    """The right answers to each question: several for RELATIVE, an empty one where there is
    none."""
    own = session.execute(
        select(
            Participant.family_id,
            Participant.mother_name,
            Participant.birth_place,
            Family.family_card_number,
            Facility.name,
        )
        .join(Participant.family)
        .outerjoin(Participant.primary_facility)
        .where(Participant.id == participant_id)
    ).one_or_none()
    family_id, mother, birth_place, family_card, facility = own or (None, "", "", "", None)
    relatives = session.scalars(
        select(Participant.name).where(
            Participant.family_id == family_id, Participant.id != participant_id
        )
    )
    return {
        Question.FAMILY_CARD: [family_card],
        Question.MOTHER: [mother],
        Question.BIRTH_PLACE: [birth_place],
        Question.FACILITY: [facility or ""],
        Question.RELATIVE: list(relatives),
    }


def _is_one_of(right: Iterable[str], answer: str, question: Question) -> bool:
    """Whether the answer is one of the right ones."""
    # Each is compared, whatever the ones before it were.
    matches = [is_answered_by(it, answer, question) for it in right]
    return any(matches)


def is_answered_by(right: str, answer: str, question: Question) -> bool:
    """Whether the answer says what the right one says, however both are written; compared in
    constant time. An empty answer is never right."""
    compared_as = _COMPARED_AS[question]
    typed = compared_as(answer[:LONGEST_ANSWER]).encode()
    return hmac.compare_digest(compared_as(right).encode(), typed) and bool(typed)


def _counter_key(nik: str, client: Client, account_id: int | None) -> bytes:
    is_known = known_devices.is_known(client.device_token, account_id)
    return failure_counters.person_key(f"questions:{nik}", is_known=is_known)
