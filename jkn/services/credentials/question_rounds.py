"""Questions that are asked one by one, and judged together after the last answer (security.md R26).

The row of the journey keeps which are asked, and the answers so far.
"""

import json
from dataclasses import dataclass
from enum import StrEnum

from jkn.services.audit.audit_log import Client
from jkn.services.credentials import personal_questions
from jkn.services.credentials.personal_questions import Question
from jkn.services.throttling.retry_after import RetryAfter


class Answered(StrEnum):
    """MORE: there is another question. WRONG: at least one answer was wrong, and which is never
    told; the questions begin anew."""

    MORE = "more"
    WRONG = "wrong"
    RIGHT = "right"


@dataclass(frozen=True)
class Round:
    """`questions`: which are asked, comma separated; `answers`: those given so far, as JSON, None
    at the beginning. `participant_id`: None for unknown people, who are asked as well."""

    nik: str
    participant_id: int | None
    account_id: int | None
    questions: str
    answers: str | None

    def asked(self) -> list[Question]:
        """The questions, in their order."""
        return [Question(it) for it in self.questions.split(",") if it]

    def given(self) -> list[str]:
        """The answers so far, in the order of the questions."""
        return [str(it) for it in json.loads(self.answers or "[]")]


def draw(nik: str, participant_id: int | None) -> str:
    """The questions for this person, as a row keeps them."""
    return ",".join(personal_questions.drawn_for(nik, participant_id))


def answer(
    current: Round, number: int, text: str, client: Client
) -> tuple[Answered | RetryAfter, str | None]:
    """Take the answer to question `number` (the first is 1); with the last one all are judged, in
    the transaction under way. Returns the outcome, and the answers that the row has to keep.

    Whoever went back may leave a question empty: then the answer from before holds. A wrong attempt
    after which the next one has to wait has the outcome RetryAfter at once.
    """
    asked, given = current.asked(), current.given()
    if number > len(given) + 1:
        # Another tab has begun the questions anew. This one was not the next.
        return Answered.MORE, current.answers
    if number > len(given) or text.strip():
        given[number - 1 : number] = [text[: personal_questions.LONGEST_ANSWER]]
    if len(given) < len(asked):
        return Answered.MORE, json.dumps(given)
    outcome = personal_questions.judge(
        current.nik,
        current.participant_id,
        dict(zip(asked, given, strict=True)),
        client,
        current.account_id,
    )
    if outcome is True:
        return Answered.RIGHT, None
    waits = personal_questions.retry_after_of(current.nik, client, current.account_id)
    return outcome or waits or Answered.WRONG, None
