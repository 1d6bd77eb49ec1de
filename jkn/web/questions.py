"""The step where the personal questions are answered, one a page: all journeys share it, whatever
the right answers open."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import session
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import DataRequired

from jkn.services.basics.outcomes import Outcome
from jkn.services.credentials.personal_questions import Question
from jkn.services.credentials.question_rounds import Answered, Round
from jkn.services.throttling.retry_after import RetryAfter
from jkn.web.form import Form
from jkn.web.rendering import leave_for, render

_WERE_WRONG = "wrong_answers"


class AnswerForm(Form):
    """One question a page."""

    answer = StringField("Jawaban", [DataRequired("Isi jawaban")])


@dataclass(frozen=True)
class Words:
    """How a question is put. `inputmode`: the keyboard that fits."""

    question: str
    hint: str
    inputmode: str = "text"


WORDS = {
    Question.FAMILY_CARD: Words(
        "Berapa nomor Kartu Keluarga (KK) Anda?", "16 angka di bagian atas KK.", "numeric"
    ),
    Question.MOTHER: Words(
        "Siapa nama ibu kandung Anda?", "Nama lengkap seperti di KK, tanpa gelar."
    ),
    Question.BIRTH_PLACE: Words("Di mana Anda lahir?", "Kota atau kabupaten, seperti di KTP."),
    Question.FACILITY: Words(
        "Apa nama faskes tingkat 1 Anda?",
        "Puskesmas, klinik, atau dokter tempat Anda terdaftar. Ada di kartu JKN.",
    ),
    Question.RELATIVE: Words(
        "Siapa nama salah satu anggota keluarga Anda?",
        "Nama lengkap satu orang lain di KK Anda.",
    ),
}


@dataclass(frozen=True)
class QuestionStep:
    """What a flow hands in. `step`: "Langkah 3 dari 4". `page_url`: gives the page of the question
    with this number. `back_url`: the page before the first question. `answer`: the flow's own
    command. `next_url`: where right answers lead. `wait_url`: where too many wrong ones lead."""

    step: str
    round: Round
    page_url: Callable[[int], str]
    back_url: str
    next_url: str
    wait_url: str
    answer: Callable[[int, str], Answered | RetryAfter | Outcome]


def first_open(step: QuestionStep) -> Response:
    """Go on to the first question without an answer."""
    return leave_for(step.page_url(len(step.round.given()) + 1))


def question_page(step: QuestionStep, number: int) -> Response:
    """Show a question, or keep its answer. After the last one all are judged together, and nobody
    is told which was wrong."""
    if not 1 <= number <= len(step.round.given()) + 1:
        return first_open(step)
    form = AnswerForm()
    if form.validate_on_submit():
        return _after(step, number, step.answer(number, form.answer.data))
    were_wrong = not form.is_submitted() and bool(session.pop(_WERE_WRONG, False))
    asked = step.round.asked()
    return render(
        "questions/index.html",
        form=form,
        step=step,
        were_wrong=were_wrong,
        words=WORDS[asked[number - 1]],
        number=number,
        total=len(asked),
        back_url=step.page_url(number - 1) if number > 1 else step.back_url,
    )


def _after(step: QuestionStep, number: int, outcome: Answered | RetryAfter | Outcome) -> Response:
    if isinstance(outcome, Outcome):
        # The journey is at another stage by now; the page redirects to where that goes on.
        return leave_for(step.page_url(number))
    if isinstance(outcome, RetryAfter):
        return leave_for(step.wait_url)
    if outcome is Answered.RIGHT:
        return leave_for(step.next_url)
    if outcome is Answered.MORE:
        return leave_for(step.page_url(number + 1))
    session[_WERE_WRONG] = True
    return leave_for(step.page_url(1))
