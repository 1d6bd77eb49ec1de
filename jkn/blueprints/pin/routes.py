"""The PIN: the page that asks for it, changing it, and making one by password and code."""

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from jkn.blueprints.pin.forms import NewPinForm, PinForm
from jkn.models import Ceremony, Channel, PinChange, PinStage, PinWay
from jkn.services.access import pin_changes, pins
from jkn.services.access.pin_changes import BegunPinChange
from jkn.services.access.pins import PinState
from jkn.services.basics.masking import mask_email, mask_phone
from jkn.services.basics.outcomes import Outcome
from jkn.services.messaging import account_channels
from jkn.services.messaging.channels import CHANNELS
from jkn.services.passkeys import passkey_proofs
from jkn.services.sessions import step_up
from jkn.services.sessions.sessions import RotatedToken
from jkn.web.access import guards_itself
from jkn.web.browser_session import adopt_and_leave
from jkn.web.codes import CodePage, OtherWay, journey_code_page
from jkn.web.flash import Flash, leave_flash, take_flash
from jkn.web.flows import Flow
from jkn.web.limits import limited_unread
from jkn.web.own_password import LOCKED, OwnPasswordForm
from jkn.web.passkeys import PasskeyForm, as_options
from jkn.web.rendering import leave_for, render
from jkn.web.return_targets import return_target, way_back
from jkn.web.visitor import account, client, device_token, own_session

blueprint = Blueprint("pin", __name__, url_prefix="/profil/pin")

FLOW = Flow(
    PinChange,
    {PinStage.CODE: "pin.code", PinStage.PIN: "pin.new", PinStage.DONE: "pin.new"},
    start="pin.index",
)


@blueprint.route("", methods=["GET", "POST"])
def index() -> Response:
    """Ubah PIN, proved by the present PIN."""
    if pins.state_of(account()) is not PinState.CHOSEN:
        return leave_for(url_for("pin.create"))
    form, status = PinForm(), 200
    if form.validate_on_submit():
        outcome = pin_changes.begin_by_pin(account(), form.pin.data, client())
        if isinstance(outcome, BegunPinChange):
            FLOW.begin(outcome.token)
            return leave_for(url_for("pin.new"))
        if outcome in (pins.PinRefusal.CLOSED, pins.PinRefusal.OVER):
            return leave_for(url_for("pin.create"))
        status = form.say_why_not(outcome)
    return render(
        "pin/index.html",
        status=status,
        form=form,
        was_over=FLOW.was_over(),
        flash=take_flash(),
    )


@blueprint.route("/buka", methods=["GET", "POST"])
@guards_itself
def unlock() -> Response:
    """Ask for the PIN or the fingerprint, and go on to the page that it locks."""
    if step_up.is_open(own_session()):
        return leave_for(return_target("profile.details"))
    has_pin = pins.state_of(account()) is PinState.CHOSEN
    if not has_pin and not passkey_proofs.is_possible(own_session(), device_token()):
        return leave_for(url_for("pin.create"))
    form, status = PinForm(), 200
    if form.validate_on_submit():
        outcome = pins.begin_step_up(own_session(), form.pin.data, client())
        if isinstance(outcome, RotatedToken):
            return adopt_and_leave(outcome.token, return_target("profile.details"))
        if outcome in (pins.PinRefusal.CLOSED, pins.PinRefusal.OVER):
            return leave_for(url_for("pin.create"))
        status = form.say_why_not(outcome)
    return _unlock_page(form, status)


@blueprint.post("/buka/biometrik/tantangan")
@guards_itself
@limited_unread
def unlock_options() -> Response:
    """The options that the phone is to sign; when it has no key, load the page again."""
    options = passkey_proofs.options(own_session(), Ceremony.UNLOCK, device_token())
    return leave_for(url_for("pin.unlock")) if options is None else as_options(options)


@blueprint.post("/buka/biometrik")
@guards_itself
def unlock_by_passkey() -> Response:
    """Step-up by the fingerprint instead of the PIN."""
    passkey = PasskeyForm()
    outcome = passkey_proofs.verify(
        own_session(), Ceremony.UNLOCK, passkey.credential.data or "", client()
    )
    if isinstance(outcome, RotatedToken):
        return adopt_and_leave(outcome.token, return_target("profile.details"))
    return _unlock_page(PinForm(), passkey.say_why_not(outcome), passkey)


def _unlock_page(form: PinForm, status: int, passkey: PasskeyForm | None = None) -> Response:
    form.pin.label.text = "PIN"
    return render(
        "pin/unlock.html",
        status=status,
        part=None if passkey is None else "pin/_passkey.html",
        part_target="#passkey",
        form=form,
        passkey=passkey,
        back=way_back("profile.index"),
        has_pin=pins.state_of(account()) is PinState.CHOSEN,
        has_passkey=passkey_proofs.is_possible(own_session(), device_token()),
    )


@blueprint.route("/buat", methods=["GET", "POST"])
@guards_itself
@FLOW.begins
def create() -> Response:
    """Buat PIN and Lupa PIN, first step: the account's password."""
    channel = pin_changes.channel_of(account())
    if channel is None:
        return render("pin/no_channel.html")
    form, status = OwnPasswordForm(), 200
    if form.validate_on_submit():
        outcome = pin_changes.begin(
            account(), own_session().id, form.password.data, client(), FLOW.token
        )
        if isinstance(outcome, Outcome):
            return leave_for(url_for("pin.create"))
        if isinstance(outcome, BegunPinChange):
            FLOW.begin(outcome.token)
            return adopt_and_leave(outcome.session_token or "", url_for("pin.code"))
        status = form.say_why_not(outcome)
    return render(
        "pin/create.html",
        status=status,
        form=form,
        is_locked=status == LOCKED,
        state=pins.state_of(account()),
        target=_target(channel),
        was_over=FLOW.was_over(),
        flash=take_flash(),
    )


@blueprint.route("/kode", methods=["GET", "POST"])
@FLOW.at(PinStage.CODE)
def code(change: PinChange) -> Response:
    """The code that went to the registered phone, or to the e-mail where there is none."""
    channel = pin_changes.channel_of(account()) or Channel.SMS
    return journey_code_page(
        FLOW,
        change,
        pin_changes.CODE,
        CodePage(
            step="Langkah 2 dari 3",
            channel=channel,
            target=_target(channel),
            back_url=url_for("pin.create"),
            next_url=url_for("pin.new"),
            other_ways=[OtherWay("Nomor atau email sudah berganti? Hubungi 165", "tel:165")],
        ),
    )


@blueprint.route("/baru", methods=["GET", "POST"])
@FLOW.at(PinStage.PIN, PinStage.DONE)
def new(change: PinChange) -> Response:
    """The new PIN, typed twice."""
    if change.stage is PinStage.DONE:
        # The form came twice, or its answer was lost on the way: say that it is done.
        leave_flash(_done(change))
        return leave_for(url_for("profile.index"))
    form, status = NewPinForm(), 200
    if form.validate_on_submit():
        outcome = pin_changes.choose(change, account(), own_session().id, form.pin.data, client())
        if isinstance(outcome, RotatedToken):
            leave_flash(_done(change))
            return adopt_and_leave(outcome.token, return_target("profile.index"))
        if outcome is pin_changes.PinChangeRefusal.OVER:
            return leave_for(url_for("pin.new"))
        status = form.say_why_not(outcome)
    last = 2 if change.way is PinWay.CHANGED else 3
    return render("pin/new.html", status=status, form=form, last=last, flash=take_flash())


def _done(change: PinChange) -> Flash:
    return Flash.PIN_MADE if change.way is PinWay.FIRST else Flash.PIN_CHANGED


def _target(channel: Channel) -> str:
    # While the phone is new, the person may be a stranger, who must not see even a part of the
    # recorded number.
    if account_channels.is_phone_new(account()):
        return CHANNELS[channel].recorded
    if channel is Channel.SMS and account().phone:
        return f"nomor HP {mask_phone(account().phone or '')}"
    return f"email {mask_email(account().email or '')}"
