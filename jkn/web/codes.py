"""The step of a journey where a code is typed: one page, whatever the code confirms."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import request, session
from werkzeug.wrappers import Response
from wtforms import StringField

from jkn.models import Channel
from jkn.services.basics.outcomes import Outcome
from jkn.services.basics.wording import not_before
from jkn.services.credentials.one_time_codes import Sent, TooSoon, Verdict
from jkn.services.messaging.channels import CHANNELS
from jkn.services.throttling.retry_after import RetryAfter
from jkn.web.flash import take_flash
from jkn.web.form import Form
from jkn.web.rendering import leave_for, render

_SENT_AGAIN = "code_sent_again"
# The name of the button that asks for another code instead of giving one back.
RESEND = "kirim_ulang"


class CodeForm(Form):
    """What is typed is judged by the service; the form only carries it."""

    code = StringField("Kode 6 angka")


@dataclass(frozen=True)
class OtherWay:
    """Another way on for who gets no code: what it says and where it leads."""

    label: str
    url: str


@dataclass(frozen=True)
class CodeStep:
    """What a flow hands in. `target`: where the code went, in words that may be shown. `sent`:
    the code that still lives, if any. `send` and `verify` are the flow's own commands. `step`:
    "Langkah 2 dari 4"."""

    step: str
    channel: Channel
    target: str
    sent: Sent | None
    page_url: str
    back_url: str
    next_url: str
    other_ways: Sequence[OtherWay]
    send: Callable[[], Sent | TooSoon | RetryAfter | Outcome]
    verify: Callable[[str], Verdict | RetryAfter | Outcome]


def code_page(step: CodeStep) -> Response:
    """Show the page, send another code, or judge the one typed and go on."""
    form = CodeForm()
    if not form.is_submitted():
        return _page(step, form, step.sent, sent_again=bool(session.pop(_SENT_AGAIN, False)))
    if RESEND in request.form:
        return _send_again(step, form)
    outcome = step.verify(form.code.data or "")
    if isinstance(outcome, Outcome):
        return leave_for(step.page_url)
    if outcome is Verdict.RIGHT:
        return leave_for(step.next_url)
    if outcome is Verdict.EXPIRED:
        return _replace_expired(step, form)
    status = 429 if isinstance(outcome, RetryAfter) else 422
    form.code.errors = [_words(outcome, form.code.data or "", step.channel)]
    return _page(step, form, step.sent, status=status)


def _send_again(step: CodeStep, form: CodeForm) -> Response:
    outcome = step.send()
    if isinstance(outcome, Outcome):
        return leave_for(step.page_url)
    if isinstance(outcome, Sent):
        # Loading the page again must not send a third one.
        session[_SENT_AGAIN] = True
        return leave_for(step.page_url)
    form.code.errors = [why_not_sent(outcome)]
    return _page(step, form, step.sent, status=429)


def _replace_expired(step: CodeStep, form: CodeForm) -> Response:
    outcome = step.send()
    if isinstance(outcome, Outcome):
        return leave_for(step.page_url)
    if isinstance(outcome, Sent):
        form.code.errors = ["Kode sudah lewat. Kode baru sudah kami kirim"]
        return _page(step, form, outcome, status=422)
    form.code.errors = [f"Kode sudah lewat. {why_not_sent(outcome)}"]
    return _page(step, form, None, status=429)


def _page(
    step: CodeStep,
    form: CodeForm,
    sent: Sent | None,
    *,
    status: int = 200,
    sent_again: bool = False,
) -> Response:
    return render(
        "codes/index.html",
        status=status,
        step=step,
        medium=CHANNELS[step.channel].word,
        form=form,
        sent=sent,
        sent_again=sent_again,
        flash=take_flash(),
    )


def _words(outcome: Verdict | RetryAfter, typed: str, channel: Channel) -> str:
    if isinstance(outcome, RetryAfter):
        return why_not_sent(outcome)
    if outcome is Verdict.UNREADABLE:
        return "Kode harus 6 angka" if typed.strip() else "Masukkan kode"
    return f"Kode tidak cocok. Periksa {CHANNELS[channel].piece} terakhir"


def why_not_sent(outcome: TooSoon | RetryAfter) -> str:
    """Why no code was sent, or none is looked at, and when the next may be."""
    if outcome.until is None:
        return "Kode tidak bisa dipakai lagi. Hubungi 165"
    if isinstance(outcome, RetryAfter):
        return f"Terlalu sering salah. Coba lagi pukul {not_before(outcome.until)}"
    return f"Kode baru bisa diminta pukul {not_before(outcome.until)}"
