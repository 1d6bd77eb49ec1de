"""Answers that are kept one by one until all are judged, and how often somebody may still answer
(R26)."""

import json
from datetime import date, timedelta

import pytest

from jkn.database import session, transaction
from jkn.models import Participant, Relationship
from jkn.services.credentials import personal_questions, question_rounds
from jkn.services.credentials.question_rounds import Answered, Round
from jkn.services.throttling.retry_after import RetryAfter
from tests.support.calls.sign_in_calls import CLIENT
from tests.support.steps.recovery_steps import answers_of
from tests.support.world.clock import BEGINNING, Clock
from tests.support.world.factories import make_family, make_participant, new_nik

pytestmark = pytest.mark.usefixtures("database")

BORN = date(1985, 2, 5)


@pytest.fixture
def person() -> Participant:
    family = make_family()
    made = make_participant(family)
    make_participant(family, relationship=Relationship.CHILD)
    return made


class Answers:
    """Somebody who answers; `person` None: an unknown one."""

    def __init__(self, person: Participant | None) -> None:
        self.nik = new_nik(BORN) if person is None else person.nik or ""
        self.person_id = None if person is None else person.id
        with transaction():
            self.questions = question_rounds.draw(self.nik, self.person_id)
        self.kept: str | None = None

    def give(self, number: int, text: str) -> Answered | RetryAfter:
        now = Round(self.nik, self.person_id, None, self.questions, self.kept)
        with transaction():
            outcome, self.kept = question_rounds.answer(now, number, text, CLIENT)
        return outcome

    def give_wrong_ones(self) -> Answered | RetryAfter:
        for number in (1, 2):
            self.give(number, "x")
        return self.give(3, "x")

    def left(self) -> int:
        chances = personal_questions.chances_of(self.nik, CLIENT, None)
        session.rollback()
        return chances.left


@pytest.mark.parametrize("again", ["", "  "])
def test_who_goes_back_need_not_answer_once_more(person: Participant, again: str) -> None:
    answers, right = Answers(person), answers_of(person)
    first, second, third = (right[it] for it in answers.questions.split(","))
    answers.give(1, first)
    answers.give(2, second)
    assert answers.give(1, again) is Answered.MORE
    assert answers.give(2, again) is Answered.MORE
    assert answers.give(3, third) is Answered.RIGHT


def test_another_answer_takes_the_place_of_the_one_before_alone() -> None:
    answers = Answers(None)
    answers.give(1, "a")
    answers.give(2, "b")
    answers.give(1, "c")
    assert json.loads(answers.kept or "") == ["c", "b"]


def test_an_answer_to_a_question_that_is_not_open_yet_is_no_answer() -> None:
    answers = Answers(None)
    answers.give(1, "a")
    assert answers.give(3, "b") is Answered.MORE
    assert json.loads(answers.kept or "") == ["a"]


@pytest.mark.parametrize("is_known", [True, False])
def test_how_often_one_may_still_answer_is_the_same_for_everybody(
    person: Participant, clock: Clock, is_known: bool
) -> None:
    answers = Answers(person if is_known else None)
    left = [answers.left()]
    for _ in range(3):
        answers.give_wrong_ones()
        left.append(answers.left())
    clock.advance(hours=24)
    left.append(answers.left())
    answers.give_wrong_ones()
    left.append(answers.left())
    assert left == [3, 2, 1, 0, 1, 0]


def test_the_time_is_told_when_there_is_no_chance_left(clock: Clock) -> None:
    answers = Answers(None)
    for _ in range(3):
        answers.give_wrong_ones()
    until = personal_questions.chances_of(answers.nik, CLIENT, None).until
    assert until is not None
    assert until == BEGINNING + timedelta(days=1)


def test_right_answers_give_all_chances_back(person: Participant) -> None:
    answers, right = Answers(person), answers_of(person)
    answers.give_wrong_ones()
    for number, question in enumerate(answers.questions.split(","), 1):
        answers.give(number, right[question])
    assert answers.left() == 3
