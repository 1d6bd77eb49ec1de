"""The step where a code is typed: all journeys share one page, whatever the code confirms."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import request, session
from werkzeug.wrappers import Response
from wtforms import StringField

from jkn.models import Channel
from jkn.services.basics import clock
from jkn.services.basics.outcomes import Outcome
from jkn.services.basics.six_digits import DIGITS
from jkn.services.basics.wording import not_before
from jkn.services.credentials.journey_codes import JourneyCode, RightCode
from jkn.services.credentials.one_time_codes import LONG, Sent, TooSoon, Verdict
from jkn.services.messaging.channels import CHANNELS
from jkn.services.throttling.retry_after import RetryAfter
from jkn.web.flash import take_flash
from jkn.web.flows import Flow, Row
from jkn.web.form import Form
from jkn.web.rendering import leave_for, render
from jkn.web.visitor import client

_SENT_AGAIN = "code_sent_again"
# The name of the button that asks for another code instead of giving one back.
RESEND = "kirim_ulang"


class CodeForm(Form):
    """Only carries what is typed; the service judges it."""

    code = StringField("Kode 6 angka")


@dataclass(frozen=True)
class OtherWay:
    """A link to another way on, for people who get no code."""

    label: str
    url: str


Send = Callable[[], Sent | TooSoon | RetryAfter | Outcome]


@dataclass(frozen=True)
class CodePage:
    """What the page says. `step`: "Langkah 2 dari 4". `target`: where the code went, masked so that
    it may be shown. `next_url`: where a right code leads."""

    step: str
    channel: Channel
    target: str
    back_url: str
    next_url: str
    other_ways: Sequence[OtherWay] = ()


@dataclass(frozen=True)
class CodeCommands:
    """What the page can do. `sent`: the newest code that is still valid, if any. `asks_again`: a
    right code came, but its answer got lost."""

    sent: Sent | None
    send: Send
    verify: Callable[[str], Verdict | RetryAfter | Outcome]
    asks_again: bool = False


def journey_code_page(
    flow: Flow[Row], row: Row, code: JourneyCode[Row], page: CodePage, send: Send | None = None
) -> Response:
    """The code page of a journey. `send`: the command that sends another code, where it is not the
    code's own."""

    def verify(typed: str) -> Verdict | RetryAfter | Outcome:
        outcome = code.verify(row, typed, client())
        if not isinstance(outcome, RightCode):
            return outcome
        if outcome.token is not None:
            flow.begin(outcome.token)
        return Verdict.RIGHT

    send = send or (lambda: code.send_again(row, client()))
    sent = code.last_sent(row)
    return code_page(page, CodeCommands(sent, send, verify, flow.has_left(row)))


def code_page(page: CodePage, commands: CodeCommands) -> Response:
    """Show the page, send another code, or judge the one typed and go on."""
    form = CodeForm()
    if not form.is_submitted():
        sent_again = bool(session.pop(_SENT_AGAIN, False))
        return _page(
            page, form, commands.sent, sent_again=sent_again, asks_again=commands.asks_again
        )
    if RESEND in request.form:
        return _send_again(page, commands, form)
    outcome = commands.verify(form.code.data or "")
    if isinstance(outcome, Outcome):
        return leave_for(request.path)
    if outcome is Verdict.RIGHT:
        return leave_for(page.next_url)
    if outcome is Verdict.EXPIRED:
        return _replace_expired(page, commands, form)
    status = 429 if isinstance(outcome, RetryAfter) else 422
    length = commands.sent.length if commands.sent else DIGITS
    form.code.errors = [_words(outcome, form.code.data or "", page.channel, length)]
    can_ask = status == 429 and length < LONG
    return _page(page, form, commands.sent, status=status, is_locked=status == 429, can_ask=can_ask)


def _send_again(page: CodePage, commands: CodeCommands, form: CodeForm) -> Response:
    outcome = commands.send()
    if isinstance(outcome, Outcome):
        return leave_for(request.path)
    if isinstance(outcome, Sent):
        # The redirect keeps a reload of the page from sending yet another code.
        session[_SENT_AGAIN] = True
        return leave_for(request.path)
    form.code.errors = [why_not_sent(outcome)]
    is_locked = isinstance(outcome, RetryAfter)
    return _page(page, form, commands.sent, status=429, is_locked=is_locked)


def _replace_expired(page: CodePage, commands: CodeCommands, form: CodeForm) -> Response:
    outcome = commands.send()
    if isinstance(outcome, Outcome):
        return leave_for(request.path)
    if isinstance(outcome, Sent):
        form.code.errors = ["Kode sudah lewat. Kode baru sudah kami kirim"]
        return _page(page, form, outcome, status=422)
    form.code.errors = [f"Kode sudah lewat. {why_not_sent(outcome)}"]
    return _page(page, form, None, status=429, is_locked=isinstance(outcome, RetryAfter))


def _page(
    page: CodePage,
    form: CodeForm,
    sent: Sent | None,
    *,
    status: int = 200,
    sent_again: bool = False,
    asks_again: bool = False,
    is_locked: bool = False,
    can_ask: bool = False,
) -> Response:
    """`is_locked`: no code is judged or sent for a while, so the message brings the next step:
    another code where that helps (`can_ask`), or else another way."""
    if sent is not None:
        form.code.label.text = f"Kode {sent.length} angka"
    return render(
        "codes/index.html",
        status=status,
        page=page,
        medium=CHANNELS[page.channel].word,
        form=form,
        sent=sent,
        sent_again=sent_again,
        asks_again=asks_again,
        is_locked=is_locked,
        can_ask=can_ask,
        flash=take_flash(),
    )


def _words(outcome: Verdict | RetryAfter, typed: str, channel: Channel, length: int) -> str:
    if isinstance(outcome, RetryAfter):
        if length < LONG:
            return "Terlalu sering salah. Minta kode baru yang 12 angka"
        return f"Terlalu sering salah. Coba lagi pukul {not_before(outcome.until or clock.now())}"
    if outcome is Verdict.UNREADABLE:
        return f"Kode harus {length} angka" if typed.strip() else "Masukkan kode"
    return f"Kode tidak cocok. Periksa {CHANNELS[channel].piece} terakhir"


def why_not_sent(outcome: TooSoon | RetryAfter) -> str:
    """Why no code was sent, and when the next may be."""
    until = not_before(outcome.until or clock.now())
    if isinstance(outcome, RetryAfter):
        other_way = "atau dari HP yang biasa Anda pakai"
        return f"Terlalu banyak permintaan kode. Coba lagi pukul {until}, {other_way}"
    return f"Minta kode baru mulai pukul {until}"
