"""Questions about what stands in somebody's record (product.md 2; security.md R26).

Knowing things is no proof of who somebody is (NIST SP 800-63B-4 4.2): whoever relies on an
answer warns the registered channels, and opens less than a code would. Unknown people are asked
as well, and are never right.
"""

import hmac
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from jkn.database import blind_index, session
from jkn.models import Account, EventKind, Facility, Family, Participant
from jkn.services.audit import audit_log
from jkn.services.audit.audit_log import Client
from jkn.services.basics import name_matching
from jkn.services.basics.identity_numbers import without_separators
from jkn.services.throttling import failure_counters
from jkn.services.throttling.failure_counters import Backoff
from jkn.services.throttling.retry_after import RetryAfter

ASKED = 3
LONGEST_ANSWER = 100
# Three tries, then one a day; a right one begins anew. One counter for every use.
TRIES = Backoff(free=2, first=timedelta(days=1), longest=timedelta(days=1))


class Question(StrEnum):
    """What is asked for."""

    FAMILY_CARD = "family_card"
    MOTHER = "mother"
    BIRTH_PLACE = "birth_place"
    FACILITY = "facility"
    RELATIVE = "relative"


_SPELT = {
    Question.FAMILY_CARD: without_separators,
    Question.MOTHER: name_matching.person_name,
    Question.BIRTH_PLACE: name_matching.place_name,
    Question.FACILITY: name_matching.facility_name,
    Question.RELATIVE: name_matching.person_name,
}


def drawn_for(nik: str, participant_id: int | None) -> list[Question]:
    """Three that the record can answer; any three where there is no record.

    Always the same ones for the same number: whoever begins anew gets no easier ones, and
    cannot tell by what is never asked whether there is a record.
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


def wait_of(nik: str) -> RetryAfter | None:
    """What answers now would be told; counts nothing."""
    return failure_counters.retry_after_of(_key(nik), TRIES)


def judge(
    nik: str,
    participant_id: int | None,
    answers: Mapping[Question, str],
    client: Client,
    account_id: int | None,
) -> bool | RetryAfter:
    """Whether all the answers are right, never which are not. Counts a try in the transaction
    under way. `account_id` only says whom to tell."""
    if wait := failure_counters.count_attempt(_key(nik), TRIES):
        if wait.is_first:
            audit_log.log(
                EventKind.AUTHN_ANSWERS_FAIL_MAX,
                client,
                account_id=account_id,
                count=wait.failures,
            )
        return wait
    truth = _record_of(participant_id)
    # Every answer is compared, whatever the ones before it were.
    are_right = [_is_one_of(truth[it], answer, it) for it, answer in answers.items()]
    if participant_id is not None and are_right and all(are_right):
        failure_counters.reset(_key(nik))
        # Of a frozen account answers open nothing.
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


def _record_of(participant_id: int | None) -> dict[Question, Sequence[str]]:
    """What each question may be answered with."""
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
    """In constant time for each; nothing equals nothing."""
    spelt = _SPELT[question]
    typed = spelt(answer[:LONGEST_ANSWER]).encode()
    matches = [hmac.compare_digest(spelt(it).encode(), typed) for it in right]
    return any(matches) and bool(typed)


def _key(nik: str) -> bytes:
    return failure_counters.person_key(f"questions:{nik}")
