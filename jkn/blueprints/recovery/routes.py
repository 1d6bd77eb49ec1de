"""Lupa Kata Sandi: the NIK, a code or personal questions, and the new password.

No page depends on whether the person exists: known and unknown people see the same.
"""

from flask import Blueprint, request, session, url_for
from werkzeug.wrappers import Response

from jkn.blueprints.recovery.forms import StartForm
from jkn.models import Channel, RecoveryAttempt, RecoveryMethod, RecoveryStage
from jkn.services.access import recovered_password, recovery, recovery_links
from jkn.services.access.recovery import BegunRecovery, ProvedRecovery
from jkn.services.basics import tokens
from jkn.services.basics.outcomes import Outcome
from jkn.services.basics.wording import date_and_time, not_before
from jkn.services.credentials import captcha
from jkn.services.credentials.one_time_codes import TooSoon
from jkn.services.credentials.password_policy import shortest
from jkn.services.credentials.question_rounds import Answered
from jkn.services.messaging.channels import CHANNELS
from jkn.services.passkeys import passkey_devices
from jkn.services.throttling.retry_after import RetryAfter
from jkn.web import sign_in_hints
from jkn.web.access import public
from jkn.web.captchas import new_captcha
from jkn.web.codes import CodePage, OtherWay, journey_code_page, why_not_sent
from jkn.web.flash import Flash, leave_flash
from jkn.web.flows import AGAIN, Flow, comes_back
from jkn.web.new_passwords import NewPasswordOnceForm
from jkn.web.questions import QuestionStep, first_open, question_page
from jkn.web.rendering import leave_for, render
from jkn.web.return_targets import come_back_to
from jkn.web.visitor import client
from jkn.web.way_form import WayForm

blueprint = Blueprint("recovery", __name__, url_prefix="/lupa-kata-sandi")

# All ways are offered to everybody, so that nobody learns which channels a person has.
_BY_CODE = {it: CHANNELS[Channel(it)] for it in (RecoveryMethod.SMS, RecoveryMethod.EMAIL)}


def _asks_again(attempt: RecoveryAttempt) -> str | None:
    is_by_code = attempt.method in _BY_CODE and attempt.stage is RecoveryStage.PASSWORD
    return "recovery.code" if is_by_code else None


# Among these the person may change from one to another.
_CHOOSING = (RecoveryStage.METHOD, RecoveryStage.CODE, RecoveryStage.QUESTIONS)
FLOW = Flow(
    RecoveryAttempt,
    {
        RecoveryStage.METHOD: "recovery.method",
        RecoveryStage.CODE: "recovery.code",
        RecoveryStage.QUESTIONS: "recovery.questions",
        RecoveryStage.PASSWORD: "recovery.password",
        RecoveryStage.NO_ACCOUNT: "recovery.other_way",
        RecoveryStage.NO_CHANNEL: "recovery.other_way",
        RecoveryStage.FROZEN: "recovery.other_way",
        RecoveryStage.DONE: "sign_in.index",
    },
    start="recovery.index",
    alternatives=_CHOOSING,
    asks_again=_asks_again,
)
_LINK = "recovery_link"
_WAYS: dict[str, str] = {
    **{it: channel.label for it, channel in _BY_CODE.items()},
    RecoveryMethod.QUESTIONS: "Pertanyaan Data Pribadi",
}


@blueprint.route("", methods=["GET", "POST"])
@public
def index() -> Response:
    """Ask for the NIK. The next page is the same for everybody."""
    form = StartForm(data=_typed_before())
    outcome: recovery.RecoveryRefusal | RetryAfter | None = None
    if form.validate_on_submit():
        answer = form.captcha_answered(captcha.CaptchaPurpose.RECOVERY)
        result = recovery.start(form.number, answer, client(), FLOW.token)
        if isinstance(result, BegunRecovery):
            sign_in_hints.forget()
            FLOW.begin(result.token)
            return leave_for(url_for("recovery.method"))
        outcome = result
    if outcome is recovery.RecoveryRefusal.WRONG_CAPTCHA:
        form.say_wrong_captcha()
    if isinstance(outcome, RetryAfter) and outcome.until:
        form.nik.errors = [
            f"Terlalu banyak permintaan. Coba lagi pukul {not_before(outcome.until)}"
        ]
    return render(
        "recovery/index.html",
        status=429 if isinstance(outcome, RetryAfter) else 200,
        # Only the captcha is replaced, so that the rest of the form stays as it was typed.
        part="components/_captcha.html"
        if outcome is recovery.RecoveryRefusal.WRONG_CAPTCHA
        else None,
        part_target="#captcha",
        form=form,
        captcha=new_captcha(captcha.CaptchaPurpose.RECOVERY),
        was_over=FLOW.was_over(),
    )


@blueprint.route("/cara", methods=["GET", "POST"])
@public
@FLOW.at(*_CHOOSING)
def method(attempt: RecoveryAttempt) -> Response:
    """Choose SMS, e-mail or questions. `pilih` in the address: the way that is asked for elsewhere,
    of which a wait is told at once."""
    ahead = request.args.get("pilih")
    form = WayForm("Pilih satu cara", _WAYS, "Pilih SMS, Email, atau Pertanyaan Data Pribadi")
    wait = recovery.retry_after_of_questions(attempt, client())
    status, problem, refused = 200, None, next(iter(_WAYS))
    if wait and ahead == RecoveryMethod.QUESTIONS:
        problem, refused = _not_yet(RecoveryMethod.QUESTIONS, wait), ahead
    if form.validate_on_submit():
        refused = RecoveryMethod(form.way.data)
        outcome = _turn_to(attempt, refused)
        if not isinstance(outcome, TooSoon | RetryAfter):
            return leave_for(url_for(outcome))
        status, problem = 429, _not_yet(refused, outcome)
    elif form.way.errors:
        problem = form.way.errors[0]
    return render(
        "recovery/method.html",
        status=status,
        form=form,
        ways=_WAYS,
        problem=problem,
        refused=refused,
        start_url=url_for("recovery.index", isi=AGAIN),
    )


@blueprint.route("/kode", methods=["GET", "POST"])
@public
@FLOW.at(RecoveryStage.CODE)
def code(attempt: RecoveryAttempt) -> Response:
    """Ask for the code. Whether one was sent at all, the page does not tell."""
    chosen = attempt.method or RecoveryMethod.SMS
    return journey_code_page(
        FLOW,
        attempt,
        recovery.CODE,
        CodePage(
            step="Langkah 3 dari 4",
            channel=Channel(chosen),
            target=_BY_CODE[chosen].registered,
            back_url=url_for("recovery.method"),
            next_url=url_for("recovery.password"),
            other_ways=_other_ways(chosen),
        ),
        send=lambda: recovery.send_code(attempt, chosen, client()),
    )


@blueprint.get("/pertanyaan")
@public
@FLOW.at(RecoveryStage.QUESTIONS)
def questions(attempt: RecoveryAttempt) -> Response:
    """Go on to the first question without an answer."""
    return first_open(_question_step(attempt))


@blueprint.route("/pertanyaan/<int:number>", methods=["GET", "POST"])
@public
@FLOW.at(RecoveryStage.QUESTIONS)
def question(attempt: RecoveryAttempt, number: int) -> Response:
    """Ask one question."""
    return question_page(_question_step(attempt), number)


@blueprint.route("/kata-sandi", methods=["GET", "POST"])
@public
@FLOW.at(RecoveryStage.PASSWORD)
def password(attempt: RecoveryAttempt) -> Response:
    """Let the person choose a new password, which ends every session of the account."""
    form, status, account_id = NewPasswordOnceForm(), 200, attempt.account_id
    if form.validate_on_submit():
        outcome = recovered_password.choose(attempt, form.password.data, client())
        if isinstance(outcome, Outcome):
            # A stranger who was in the account may have added a passkey, so its owner looks
            # through the list first (security.md R27).
            if account_id and passkey_devices.known(account_id):
                come_back_to("passkeys.index", account_id)
            leave_flash(Flash.PASSWORD_CHANGED)
            return leave_for(url_for("sign_in.index"))
        if outcome is recovered_password.NewPasswordRefusal.OVER:
            return leave_for(url_for("recovery.password"))
        if outcome is recovered_password.NewPasswordRefusal.SAME:
            same = "Ini kata sandi Anda yang sekarang. Pilih yang lain, atau pakai untuk masuk"
            status = form.say(same)
        else:
            status = form.say_why_not(outcome)
    return render("recovery/password.html", status=status, form=form, shortest=shortest())


@blueprint.get("/cara-lain")
@public
@FLOW.at(RecoveryStage.NO_ACCOUNT, RecoveryStage.NO_CHANNEL, RecoveryStage.FROZEN)
def other_way(attempt: RecoveryAttempt) -> Response:
    """Say what to do next when the person proved who they are and cannot go on here."""
    return render("recovery/other_way.html", stage=attempt.stage)


@blueprint.get("/tautan/<token>")
@public
def arrive(token: str) -> Response:
    """The link of an e-mail. Take the token out of the address at once, and use nothing up, since
    mail scanners follow links before people do."""
    # The token is cut: browsers drop a cookie that is too long, with everything in it.
    session[_LINK] = token[: tokens.LENGTH]
    return leave_for(url_for("recovery.link"))


@blueprint.route("/tautan", methods=["GET", "POST"])
@public
def link() -> Response:
    """Ask with GET, and with POST go on with the recovery in this browser."""
    token = str(session.get(_LINK, ""))
    if request.method == "POST":
        outcome = recovery.follow_link(token, client(), FLOW.token)
        session.pop(_LINK, None)
        if outcome is None and (attempt := FLOW.find_again(token)):
            return FLOW.page_of(attempt)
        if outcome is not None:
            sign_in_hints.forget()
            FLOW.begin(outcome.token)
            return leave_for(url_for("recovery.password"))
        return leave_for(url_for("recovery.link"))
    is_live = recovery_links.is_live(token)
    return render("recovery/link.html", status=200 if is_live else 410, is_live=is_live)


def _typed_before() -> dict[str, str]:
    """The NIK, for whoever comes back to the first step. It was typed in this browser: from the
    proof on, which an e-mail's link gives to another one, it is not shown."""
    attempt = FLOW.row_at(*_CHOOSING) if comes_back() else None
    return {} if attempt is None else {"nik": attempt.nik}


def _turn_to(attempt: RecoveryAttempt, chosen: RecoveryMethod) -> str | TooSoon | RetryAfter:
    """The endpoint that goes on, or why the person has to wait. When the attempt is at another
    stage by now, any endpoint leads there."""
    if chosen is RecoveryMethod.QUESTIONS:
        return recovery.ask_questions(attempt, client()) or "recovery.questions"
    is_under_way = attempt.stage is RecoveryStage.CODE and attempt.method is chosen
    if is_under_way and recovery.CODE.last_sent(attempt):
        return "recovery.code"
    outcome = recovery.send_code(attempt, chosen, client())
    return outcome if isinstance(outcome, TooSoon | RetryAfter) else "recovery.code"


def _question_step(attempt: RecoveryAttempt) -> QuestionStep:
    def answer(number: int, text: str) -> Answered | RetryAfter | Outcome:
        outcome = recovery.answer(attempt, number, text, client())
        if not isinstance(outcome, ProvedRecovery):
            return outcome
        FLOW.begin(outcome.token)
        return Answered.RIGHT

    back_url = url_for("recovery.method", pilih=RecoveryMethod.QUESTIONS)
    return QuestionStep(
        step="Langkah 3 dari 4",
        why="Tiga jawaban ini memastikan bahwa ini Anda.",
        then="Anda membuat kata sandi baru",
        round=recovery.round_of(attempt),
        chances=recovery.chances_of_questions(attempt, client()),
        page_url=lambda number: url_for("recovery.question", number=number),
        back_url=back_url,
        next_url=url_for("recovery.password"),
        wait_url=back_url,
        answer=answer,
        other_ways=[
            OtherWay("Pakai kode SMS atau email", url_for("recovery.method")),
            OtherWay("Belum pernah punya akun? Daftar dulu", url_for("registration.index")),
        ],
    )


def _other_ways(chosen: RecoveryMethod) -> list[OtherWay]:
    labels = {
        **{it: f"Kirim kode lewat {channel.word}" for it, channel in _BY_CODE.items()},
        RecoveryMethod.QUESTIONS: "Jawab pertanyaan data pribadi",
    }
    return [
        OtherWay(label, url_for("recovery.method", pilih=way))
        for way, label in labels.items()
        if way is not chosen
    ]


def _not_yet(chosen: RecoveryMethod, outcome: TooSoon | RetryAfter) -> str:
    is_asked = chosen is RecoveryMethod.QUESTIONS
    if is_asked and isinstance(outcome, RetryAfter) and outcome.until:
        until = date_and_time(outcome.until)
        return f"Terlalu sering salah. Pertanyaan terbuka lagi {until}. Pilih cara lain"
    return why_not_sent(outcome)
