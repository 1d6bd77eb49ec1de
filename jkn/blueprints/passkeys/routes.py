"""Login dengan Biometrik: switching it on and off, and the list of phones that have a key."""

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from jkn.blueprints.passkeys.forms import BeginForm, NameForm, RemoveForm
from jkn.models import EnrolmentStage, PasskeyEnrolment
from jkn.services.basics.outcomes import Outcome
from jkn.services.passkeys import passkey_devices, passkey_enrolment, passkey_offers, this_phone
from jkn.services.passkeys.passkey_enrolment import BegunEnrolment, Enrolled, EnrolmentRefusal
from jkn.web.access import guards_itself, passive, record_foreign, refuse_foreign, unguarded
from jkn.web.browser_session import (
    adopt_and_leave,
    end_passkey_offer,
    give_device_token,
    is_offered_passkey,
)
from jkn.web.flash import Flash, leave_flash, take_flash
from jkn.web.flows import Flow
from jkn.web.limits import limited_unread
from jkn.web.own_password import LOCKED
from jkn.web.passkeys import PasskeyForm, as_options, signals_of
from jkn.web.rendering import leave_for, render, render_part
from jkn.web.visitor import account, client, device_token, own_session

blueprint = Blueprint("passkeys", __name__, url_prefix="/profil/biometrik")

_ONE = "/<id:passkey_id>"
FLOW = Flow(
    PasskeyEnrolment,
    {EnrolmentStage.CREATE: "passkeys.create", EnrolmentStage.DONE: "passkeys.create"},
    start="passkeys.begin",
)


@blueprint.get("")
def index() -> Response:
    """The phones that may sign in, this one first."""
    return _list()


@blueprint.post("/hp-ini/nyalakan")
@guards_itself
def turn_on() -> Response:
    """The switch of Profil, turned on: go to the first step, since switching on takes several."""
    return leave_for(url_for("passkeys.begin"))


@blueprint.post("/hp-ini/matikan")
def turn_off() -> Response:
    """The switch of Profil, turned off: remove the key of this phone."""
    passkey_devices.turn_off(account(), client())
    return render_part(
        "passkeys/_turned_off.html",
        target="#passkey",
        page_url=url_for("profile.index"),
        has_passkey_here=False,
        passkey_count=this_phone.of_account(account().id, device_token()).passkey_count,
        signals=signals_of(account()),
    )


@blueprint.route("/nyalakan", methods=["GET", "POST"])
@guards_itself
@FLOW.begins
def begin() -> Response:
    """Explain it, and ask for the agreement to the terms and the account's password."""
    devices = passkey_devices.of_account(account(), device_token())
    if any(it.is_here for it in devices):
        return leave_for(url_for("passkeys.index"))
    form, status = BeginForm(), 200
    if form.is_submitted() and form.is_about_another_text():
        leave_flash(Flash.TERMS_CHANGED)
        return leave_for(url_for("passkeys.begin"))
    if form.validate_on_submit():
        outcome = passkey_enrolment.begin(own_session(), form.password.data, client())
        if isinstance(outcome, EnrolmentRefusal | Outcome):
            return leave_for(url_for("passkeys.begin"))
        if isinstance(outcome, BegunEnrolment):
            FLOW.begin(outcome.token)
            return adopt_and_leave(outcome.session_token, url_for("passkeys.create"))
        status = form.say_why_not(outcome)
    is_locked = status == LOCKED
    return render(
        "passkeys/begin.html",
        status=status,
        # The whole page where nothing is left to try here: its message brings the next step.
        part="passkeys/_agree.html" if form.errors and not is_locked else None,
        part_target="#agree",
        form=form,
        is_locked=is_locked,
        terms=form.terms(),
        most=passkey_devices.MOST,
        is_full=len(devices) >= passkey_devices.MOST,
        was_over=FLOW.was_over(),
        flash=take_flash(),
    )


@blueprint.post("/daftarkan/tantangan")
@guards_itself
@limited_unread
@FLOW.at(EnrolmentStage.CREATE)
def options(_enrolment: PasskeyEnrolment) -> Response:
    """The options for the key that the phone is to make."""
    return as_options(passkey_enrolment.options(own_session()))


@blueprint.route("/daftarkan", methods=["GET", "POST"])
@guards_itself
@FLOW.at(EnrolmentStage.CREATE, EnrolmentStage.DONE)
def create(enrolment: PasskeyEnrolment) -> Response:
    """Take the key that the phone made; then Login dengan Biometrik is on."""
    if enrolment.stage is EnrolmentStage.DONE:
        # The form came twice, or its answer was lost on the way: say that it is done.
        leave_flash(Flash.PASSKEY_ON)
        return leave_for(url_for("profile.index"))
    form, status = PasskeyForm(), 200
    if form.validate_on_submit():
        outcome = passkey_enrolment.enrol(
            enrolment, own_session(), form.credential.data or "", client()
        )
        if isinstance(outcome, Enrolled):
            end_passkey_offer()
            leave_flash(Flash.PASSKEY_ON)
            answer = adopt_and_leave(outcome.session_token, url_for("profile.index"))
            give_device_token(answer, outcome.device_token)
            return answer
        if outcome is EnrolmentRefusal.TAKEN:
            leave_flash(Flash.PASSKEY_TAKEN)
        if isinstance(outcome, EnrolmentRefusal):
            # When the journey has ended meanwhile, its first page says why.
            is_over = outcome is EnrolmentRefusal.OVER
            return leave_for(url_for("passkeys.create" if is_over else "passkeys.begin"))
        status = form.say_why_not(outcome)
    return render(
        "passkeys/create.html",
        status=status,
        part="passkeys/_create.html" if status != 200 else None,
        part_target="#passkey",
        form=form,
        passkey=form,
    )


@blueprint.route(f"{_ONE}/nama", methods=["GET", "POST"])
def name(passkey_id: int) -> Response:
    """Let the owner name a phone."""
    device = passkey_devices.find(account(), passkey_id)
    if device is None:
        return refuse_foreign()
    form = NameForm(name=device.name)
    if form.validate_on_submit():
        passkey_devices.rename(account(), passkey_id, form.name.data or "", client())
        leave_flash(Flash.PASSKEY_RENAMED)
        return leave_for(url_for("passkeys.index"))
    return render("passkeys/name.html", form=form, device=device, flash=take_flash())


@blueprint.route(f"{_ONE}/hapus", methods=["GET", "POST"])
def remove(passkey_id: int) -> Response:
    """Ask with GET; with POST remove a key, so that it signs nobody in any more."""
    form, device = RemoveForm(), passkey_devices.find(account(), passkey_id)
    is_sent = form.validate_on_submit()
    if not is_sent and device is not None:
        return render("passkeys/remove.html", form=form, device=device, flash=take_flash())
    goes_on = own_session().id if form.ends_sessions.data else None
    if not is_sent or not passkey_devices.remove(
        account(), passkey_id, client(), ends_others=goes_on
    ):
        # The key was removed a moment ago or was never theirs; the answer does not tell which.
        record_foreign()
        return _list(404, is_gone=True)
    leave_flash(Flash.PASSKEY_REMOVED)
    return leave_for(url_for("passkeys.index"))


def _list(status: int = 200, *, is_gone: bool = False) -> Response:
    return render(
        "passkeys/index.html",
        status=status,
        devices=passkey_devices.of_account(account(), device_token()),
        signals=signals_of(account()),
        flash=take_flash(),
        is_gone=is_gone,
    )


@blueprint.post("/ditawarkan")
@unguarded
@passive
def offered() -> Response:
    """The card of the offer was seen. Beranda says so by itself, since only there is known whether
    this phone can, and whether somebody scrolled that far."""
    if is_offered_passkey():
        passkey_offers.note_seen(account().id)
    return Response(status=204)


@blueprint.post("/nanti-saja")
@unguarded
def later() -> Response:
    """The person refuses the offer on Beranda."""
    passkey_offers.refuse(account().id)
    end_passkey_offer()
    return leave_for(url_for("home.index"))
