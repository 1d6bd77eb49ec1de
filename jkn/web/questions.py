"""The step where the personal questions are answered, one a page: all journeys share it, whatever
the right answers open."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import session
from werkzeug.wrappers import Response
from wtforms import StringField, ValidationError

from jkn.services.basics.outcomes import Outcome
from jkn.services.credentials.personal_questions import ATTEMPTS, Chances, Question
from jkn.services.credentials.question_rounds import Answered, Round
from jkn.services.throttling.retry_after import RetryAfter
from jkn.web.codes import OtherWay
from jkn.web.form import Form
from jkn.web.rendering import leave_for, render

_WERE_WRONG = "wrong_answers"


class AnswerForm(Form):
    """One question a page. `is_kept`: an answer was given before, which an empty field leaves as it
    is."""

    is_kept = False

    answer = StringField("Jawaban")

    def validate_answer(self, field: StringField) -> None:
        typed = field.data
        if typed is None or not (typed.strip() or self.is_kept):
            raise ValidationError("Isi jawaban")


@dataclass(frozen=True)
class Words:
    """How a question is put. `inputmode`: the keyboard that fits."""

    question: str
    hint: str
    inputmode: str = "text"


_CAPITALS = "Boleh huruf kecil semua."
WORDS = {
    Question.FAMILY_CARD: Words(
        "Berapa nomor Kartu Keluarga (KK) Anda?", "16 angka di bagian atas KK.", "numeric"
    ),
    Question.MOTHER: Words(
        "Siapa nama ibu kandung Anda?", f"Nama lengkap seperti di KK, tanpa gelar. {_CAPITALS}"
    ),
    Question.BIRTH_PLACE: Words(
        "Di mana Anda lahir?", f"Kota atau kabupaten, seperti di KTP. {_CAPITALS}"
    ),
    Question.FACILITY: Words(
        "Apa nama faskes tingkat 1 Anda?",
        f"Puskesmas, klinik, atau dokter tempat Anda terdaftar. Ada di kartu JKN. {_CAPITALS}",
    ),
    Question.RELATIVE: Words(
        "Siapa nama salah satu anggota keluarga Anda?",
        f"Nama lengkap satu orang lain di KK Anda. {_CAPITALS}",
    ),
}


@dataclass(frozen=True)
class QuestionStep:
    """What a flow hands in. `step`: "Langkah 3 dari 4". `why`: a sentence or two on why it asks.
    `then`: what comes once all answers are right, in words that end "Kalau ketiganya cocok, …".
    `page_url`: gives the page of the question with this number. `back_url`: the page before the
    first question. `answer`: the flow's own command. `next_url`: where right answers lead.
    `wait_url`: where too many wrong ones lead. `other_ways`: for people who cannot answer; the same
    for everybody, or they would show whether there is a record."""

    step: str
    why: str
    then: str
    round: Round
    chances: Chances
    page_url: Callable[[int], str]
    back_url: str
    next_url: str
    wait_url: str
    answer: Callable[[int, str], Answered | RetryAfter | Outcome]
    other_ways: Sequence[OtherWay]


def tries_in_words(chances: Chances) -> str:
    """How often the questions may still be answered."""
    if chances.is_daily:
        return "Hari ini Anda bisa mencoba 1 kali."
    again = " lagi" if chances.left < ATTEMPTS else ""
    return f"Anda bisa mencoba {chances.left} kali{again}. Setelah itu, sekali sehari."


def first_open(step: QuestionStep) -> Response:
    """Go on to the first question without an answer."""
    return leave_for(step.page_url(len(step.round.given()) + 1))


def question_page(step: QuestionStep, number: int) -> Response:
    """Show a question, or keep its answer. After the last one all are judged together, and nobody
    is told which was wrong."""
    if not 1 <= number <= len(step.round.given()) + 1:
        return first_open(step)
    form = AnswerForm()
    form.is_kept = number <= len(step.round.given())
    if form.validate_on_submit():
        return _after(step, number, step.answer(number, form.answer.data))
    if not form.is_submitted() and not step.chances.left:
        return leave_for(step.wait_url)
    were_wrong = not form.is_submitted() and bool(session.pop(_WERE_WRONG, False))
    asked = step.round.asked()
    return render(
        "questions/index.html",
        form=form,
        step=step,
        were_wrong=were_wrong,
        tries=tries_in_words(step.chances),
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
