"""Daftar, the steps after its doors: the phone, questions where they are needed, terms, code and
password."""

from flask import request, url_for
from werkzeug.wrappers import Response

from jkn.blueprints.registration import doors  # noqa: F401  its routes are of this blueprint, too
from jkn.blueprints.registration.flow import ENDS, FLOW, Stage, blueprint
from jkn.blueprints.registration.forms import PhoneForm
from jkn.models import Channel, Door, RegistrationDraft, RegistrationStage
from jkn.services.access import registered_account, registration, registration_drafts
from jkn.services.access.registration import BEFORE_THE_CODE, PhoneRefusal, PhonesClosed
from jkn.services.basics import terms
from jkn.services.basics.outcomes import Outcome
from jkn.services.basics.wording import not_before
from jkn.services.credentials.one_time_codes import Sent, TooSoon
from jkn.services.credentials.password_policy import shortest
from jkn.services.sessions.sessions import SignedIn
from jkn.services.throttling.retry_after import RetryAfter
from jkn.web.access import public
from jkn.web.agreement import AgreementForm
from jkn.web.browser_session import begin_session, opens_session
from jkn.web.codes import CodePage, OtherWay, journey_code_page, why_not_sent
from jkn.web.flash import Flash, leave_flash, take_flash
from jkn.web.flows import AGAIN
from jkn.web.new_passwords import NewPasswordForm
from jkn.web.questions import QuestionStep, first_open, question_page, tries_in_words
from jkn.web.rendering import leave_for, render
from jkn.web.visitor import client

_DOORS = {Door.NEW_USER: "registration.new_user", Door.MOBILE_USER: "registration.mobile_user"}
_TO_NEW_USER = "Belum punya kartu JKN, KIS, atau BPJS? Daftar sebagai Pengguna baru"


@blueprint.route("/nomor-hp", methods=["GET", "POST"])
@public
@FLOW.at(*BEFORE_THE_CODE)
def phone(draft: RegistrationDraft) -> Response:
    """Ask for the phone to which codes go from now on, and say when questions come first. What the
    page says of them depends on the door and on the tries so far, never on the record."""
    form = PhoneForm(data={"phone": draft.phone_as_typed})
    status, problem = 200, None
    if form.validate_on_submit():
        outcome = registration.give_phone(draft, form.given, client())
        if isinstance(outcome, Outcome):
            return leave_for(url_for("registration.phone"))
        if isinstance(outcome, RegistrationStage):
            return leave_for(url_for("registration.questions"))
        if isinstance(outcome, PhoneRefusal):
            return leave_for(url_for("registration.questions_closed"))
        if isinstance(outcome, Sent):
            return leave_for(_after_the_phone(draft))
        status, problem = 429, _not_yet(outcome)
    # Who has answered them right is asked no more.
    chances = None if draft.answered_at else registration.chances_of(draft, client())
    return render(
        "registration/phone.html",
        status=status,
        form=form,
        problem=problem,
        is_participant=draft.door is Door.MOBILE_USER,
        chances=chances,
        tries=tries_in_words(chances) if chances else "",
        door_url=url_for(_DOORS[draft.door], isi=AGAIN),
    )


@blueprint.get("/pertanyaan")
@public
@FLOW.at(Stage.QUESTIONS)
def questions(draft: RegistrationDraft) -> Response:
    """Go on to the first question without an answer."""
    return first_open(_question_step(draft))


@blueprint.route("/pertanyaan/<int:number>", methods=["GET", "POST"])
@public
@FLOW.at(Stage.QUESTIONS)
def question(draft: RegistrationDraft, number: int) -> Response:
    """Ask one question."""
    return question_page(_question_step(draft), number)


@blueprint.get("/pertanyaan-ditutup")
@public
@FLOW.at(*BEFORE_THE_CODE)
def questions_closed(draft: RegistrationDraft) -> Response:
    """Say until when the questions are closed, and show every other way on."""
    chances = registration.chances_of(draft, client())
    if chances.left:
        return leave_for(url_for("registration.phone"))
    return render(
        "registration/questions_closed.html",
        until=chances.until,
        other_door_url=_other_door(draft),
    )


@blueprint.route("/syarat", methods=["GET", "POST"])
@public
@FLOW.at(Stage.TERMS, Stage.CODE)
def agree(draft: RegistrationDraft) -> Response:
    """Ask for the agreement to the terms, while the SMS is on its way. Who comes back to them has
    agreed to this text, or finds another one."""
    form = AgreementForm(data={"agreed": draft.terms_version == terms.current().version})
    if form.is_submitted() and form.is_about_another_text():
        leave_flash(Flash.TERMS_CHANGED)
        return leave_for(url_for("registration.agree"))
    if form.validate_on_submit():
        registration.agree(draft)
        return leave_for(url_for("registration.code"))
    return render(
        "registration/agree.html",
        # Only the tick is replaced: the text is long, and was read already.
        part="registration/_agree.html" if form.errors else None,
        part_target="#agree",
        form=form,
        terms=form.terms(),
        is_sent=registration.CODE.last_sent(draft) is not None,
        flash=take_flash(),
    )


@blueprint.route("/kode", methods=["GET", "POST"])
@public
@FLOW.at(Stage.CODE)
def code(draft: RegistrationDraft) -> Response:
    """Ask for the code that was sent to the phone."""
    return journey_code_page(
        FLOW,
        draft,
        registration.CODE,
        CodePage(
            step="Langkah 4 dari 5",
            channel=Channel.SMS,
            target=_unbroken(draft.phone_as_typed),
            back_url=url_for("registration.agree"),
            next_url=url_for("registration.password"),
            other_ways=[
                OtherWay("Ubah nomor HP", url_for("registration.phone")),
                OtherWay("SMS tetap tidak datang", url_for("registration.no_sms")),
            ],
        ),
    )


@blueprint.get("/sms-tidak-datang")
@public
@FLOW.at(Stage.CODE)
def no_sms(draft: RegistrationDraft) -> Response:
    """Say what else can be done when no SMS arrives."""
    return render("registration/no_sms.html", phone=_unbroken(draft.phone_as_typed))


@blueprint.route("/kata-sandi", methods=["GET", "POST"])
@public
@opens_session
@FLOW.at(Stage.PASSWORD)
def password(draft: RegistrationDraft) -> Response:
    """Let the person choose a password, which makes the account."""
    form = NewPasswordForm()
    status = 200
    if form.validate_on_submit():
        outcome = registered_account.register(draft, form.password.data, client())
        if isinstance(outcome, SignedIn):
            home = url_for("home.index")
            signed_in = begin_session(outcome, home)
            leave_flash(Flash.REGISTERED_HERE)
            return signed_in
        if isinstance(outcome, Outcome) or outcome is registered_account.RegistrationRefusal.OVER:
            return leave_for(url_for("registration.done"))
        status = form.say_why_not(outcome)
    return render("registration/password.html", status=status, form=form, shortest=shortest())


@blueprint.get("/selesai")
@public
@FLOW.at(Stage.DONE)
def done(_draft: RegistrationDraft) -> Response:
    """The account exists: on to Masuk, which knows the number."""
    leave_flash(Flash.REGISTERED)
    return leave_for(url_for("sign_in.index"))


@blueprint.get("/cara-lain")
@public
@FLOW.at(*ENDS)
def other_way(draft: RegistrationDraft) -> Response:
    """Say what to do next when everything was right and no account can be made."""
    return render("registration/other_way.html", stage=draft.stage)


@blueprint.route("/waktu-habis", methods=["GET", "POST"])
@public
@FLOW.at(Stage.EXPIRED)
def expired(draft: RegistrationDraft) -> Response:
    """Say that the time is over, and offer to go on with what was typed."""
    if request.method == "POST":
        registration_drafts.revive(draft)
        return leave_for(url_for("registration.phone"))
    return render("registration/expired.html")


def _question_step(draft: RegistrationDraft) -> QuestionStep:
    other_door = _other_door(draft)
    return QuestionStep(
        step="Langkah 2 dari 5",
        why="Nomor HP itu tidak ada di data peserta. Jadi kami perlu memastikan ini Anda.",
        then=f"kode kami kirim ke {_unbroken(draft.phone_as_typed)}",
        round=registration.round_of(draft),
        chances=registration.chances_of(draft, client()),
        page_url=lambda number: url_for("registration.question", number=number),
        back_url=url_for("registration.phone"),
        next_url=_after_the_phone(draft),
        wait_url=url_for("registration.questions_closed"),
        other_ways=[
            *([OtherWay(_TO_NEW_USER, other_door)] if other_door else []),
            OtherWay("Pakai nomor HP lain", url_for("registration.phone")),
        ],
        answer=lambda number, text: registration.answer(draft, number, text, client()),
    )


def _other_door(draft: RegistrationDraft) -> str | None:
    """The way to the first door, with what was typed at the second one. Whoever came through the
    first one and is asked questions is insured: for them there is no other."""
    if draft.door is Door.NEW_USER:
        return None
    return url_for(_DOORS[Door.NEW_USER], isi=AGAIN)


def _after_the_phone(draft: RegistrationDraft) -> str:
    """Who has agreed to the terms before is not asked again."""
    return url_for("registration.agree" if draft.agreed_at is None else "registration.code")


def _unbroken(phone: str | None) -> str:
    """The phone as it was typed, kept on one line by no-break spaces."""
    return (phone or "").replace(" ", "\u00a0")


def _not_yet(outcome: TooSoon | RetryAfter | PhonesClosed) -> str:
    if isinstance(outcome, PhonesClosed):
        until = not_before(outcome.until)
        return f"Terlalu banyak nomor dicoba untuk NIK ini. Coba lagi pukul {until}"
    return why_not_sent(outcome)
