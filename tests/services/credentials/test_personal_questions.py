"""Personal questions: which are asked, and which answers count as right (R26, R31)."""

from collections import Counter
from datetime import date, timedelta

import pytest

from jkn.database import session, transaction
from jkn.models import Participant, Relationship
from jkn.services.basics import clock as time_now
from jkn.services.credentials import personal_questions
from jkn.services.credentials.personal_questions import Question
from jkn.services.throttling.retry_after import RetryAfter
from tests.support.calls.sign_in_calls import CLIENT, recorded
from tests.support.world.clock import Clock
from tests.support.world.factories import make_family, make_participant, new_nik

pytestmark = pytest.mark.usefixtures("database")

BORN = date(1985, 2, 5)
KK, MOTHER, PLACE = Question.FAMILY_CARD, Question.MOTHER, Question.BIRTH_PLACE
FACILITY, RELATIVE = Question.FACILITY, Question.RELATIVE


@pytest.fixture
def person() -> Participant:
    family = make_family(family_card_number="3276052802850001")
    made = make_participant(family, mother_name="Hj. Ratna Dewi", birth_place="KOTA BOGOR")
    make_participant(family, relationship=Relationship.HUSBAND, name="Moh. Rizki")
    make_participant(family, relationship=Relationship.CHILD, name="Nabila Putri")
    return made


def judged(
    person: Participant | None, answers: dict[Question, str], nik: str = ""
) -> bool | RetryAfter:
    with transaction():
        return personal_questions.judge(
            nik or (person.nik if person else None) or "1",
            person.id if person else None,
            answers,
            CLIENT,
            None,
        )


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (KK, "3276052802850001"),
        (KK, "3276 0528 0285 0001"),
        (KK, "3276-0528-0285-0001"),
        (MOTHER, "ratna dewi"),
        (MOTHER, "RATNA DEWI"),
        (PLACE, "bogor"),
        (PLACE, "Kota Bogor"),
        (RELATIVE, "Muhammad Rizki"),
        (RELATIVE, "nabila putri"),
    ],
)
def test_an_answer_is_right_however_it_is_written(
    person: Participant, question: Question, answer: str
) -> None:
    assert judged(person, {question: answer}) is True


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (KK, "3276052802850002"),
        (KK, "٣٢٧٦٠٥٢٨٠٢٨٥٠٠٠١"),
        (MOTHER, "Ratna"),
        (MOTHER, ""),
        (PLACE, "Depok"),
        (RELATIVE, "Wulan Prameswari"),
        (RELATIVE, "Rizki"),
        (FACILITY, "Puskesmas"),
        (FACILITY, ""),
        (FACILITY, "%"),
    ],
)
def test_an_answer_that_does_not_match_is_wrong(
    person: Participant, question: Question, answer: str
) -> None:
    assert judged(person, {question: answer}) is False


def test_the_own_name_is_no_relative(person: Participant) -> None:
    assert judged(person, {RELATIVE: person.name}) is False


def test_all_answers_must_be_right(person: Participant) -> None:
    assert judged(person, {MOTHER: "Ratna Dewi", PLACE: "Bogor"}) is True
    assert judged(person, {MOTHER: "Ratna Dewi", PLACE: "Depok"}) is False
    assert judged(person, {MOTHER: "Orang Lain", PLACE: "Bogor"}) is False


def test_giving_no_answers_is_not_right(person: Participant) -> None:
    assert judged(person, {}) is False


def test_an_answer_that_the_membership_record_lacks_is_never_right() -> None:
    alone = make_participant(mother_name="")
    assert judged(alone, {RELATIVE: ""}) is False
    assert judged(alone, {MOTHER: ""}) is False


def test_answers_of_an_unknown_person_are_never_right() -> None:
    for answer in ("", "None", "nobody"):
        answers = dict.fromkeys(Question, answer)
        assert judged(None, answers, nik=new_nik(BORN)) is False


def test_after_three_wrong_tries_there_is_one_a_day_until_a_right_one(
    person: Participant, clock: Clock
) -> None:
    for _ in range(3):
        assert judged(person, {MOTHER: "x"}) is False
    wait = judged(person, {MOTHER: "Ratna Dewi"})
    assert isinstance(wait, RetryAfter), "the right answer is not looked at"
    assert wait.until is not None
    clock.advance(hours=23, minutes=59)
    assert isinstance(judged(person, {MOTHER: "Ratna Dewi"}), RetryAfter)
    clock.advance(minutes=2)
    assert judged(person, {MOTHER: "x"}) is False
    assert isinstance(judged(person, {MOTHER: "Ratna Dewi"}), RetryAfter)
    clock.advance(days=1)
    assert judged(person, {MOTHER: "Ratna Dewi"}) is True
    assert judged(person, {MOTHER: "x"}) is False
    assert judged(person, {MOTHER: "Ratna Dewi"}) is True


def test_never_more_than_three_in_any_day(person: Participant, clock: Clock) -> None:
    looked_at = []
    for _ in range(24 * 6):
        if judged(person, {MOTHER: "x"}) is False:
            looked_at.append(time_now.now())
        clock.advance(hours=1)
    for first in looked_at:
        within = [it for it in looked_at if first <= it < first + timedelta(days=1)]
        assert len(within) <= 3
    assert 3 < len(looked_at) <= 9


def test_a_try_is_recorded_and_the_wait_is_told_once(person: Participant) -> None:
    for _ in range(5):
        judged(person, {MOTHER: "x"})
    kinds = [kind for kind, _, _ in recorded()]
    assert kinds == ["authn_answers_fail"] * 3 + ["authn_answers_fail_max"]


# Which are asked


def test_a_person_is_always_asked_the_same_three_questions(person: Participant) -> None:
    drawn = personal_questions.drawn_for(person.nik or "", person.id)
    assert len(set(drawn)) == 3
    for _ in range(5):
        assert personal_questions.drawn_for(person.nik or "", person.id) == drawn


def test_over_many_people_every_question_is_asked() -> None:
    asked = Counter(
        question
        for _ in range(200)
        for question in personal_questions.drawn_for(new_nik(BORN), None)
    )
    assert set(asked) == set(Question)
    assert min(asked.values()) > 80


def test_nobody_is_asked_for_what_the_membership_record_lacks() -> None:
    for _ in range(20):
        alone = make_participant(primary_facility_code=None)
        with transaction():
            session.get_one(Participant, alone.id).primary_facility_code = None
        drawn = personal_questions.drawn_for(alone.nik or "", alone.id)
        assert set(drawn) == {KK, MOTHER, PLACE}


def test_the_same_number_is_asked_the_same_with_and_without_a_record(person: Participant) -> None:
    """So the questions do not tell whether there is a membership record."""
    nik = person.nik or ""
    assert personal_questions.drawn_for(nik, person.id) == personal_questions.drawn_for(nik, None)
