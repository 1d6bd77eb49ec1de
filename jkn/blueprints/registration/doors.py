"""The doors of Daftar, where people say who they are."""

from flask import url_for
from werkzeug.wrappers import Response
from wtforms import StringField

from jkn.blueprints.registration.flow import FLOW, blueprint
from jkn.blueprints.registration.forms import MobileUserForm, NewUserForm
from jkn.models import Door
from jkn.services.access import registration_doors
from jkn.services.access.identity_check import Mismatch
from jkn.services.access.registration import BEFORE_THE_CODE
from jkn.services.access.registration_doors import BegunRegistration, Typed
from jkn.services.access.registration_drafts import typed_at_doors
from jkn.services.basics.identity_numbers import IdentityNumber, IdentityType, read_identity
from jkn.services.basics.wording import not_before
from jkn.services.credentials import captcha
from jkn.services.throttling.retry_after import RetryAfter
from jkn.web import sign_in_hints
from jkn.web.access import public
from jkn.web.captchas import new_captcha
from jkn.web.flows import AGAIN, comes_back
from jkn.web.rendering import leave_for, render
from jkn.web.visitor import client

DoorOutcome = BegunRegistration | registration_doors.DoorRefusal | Mismatch | RetryAfter


@blueprint.get("")
@public
def index() -> Response:
    """Choose a door, and read what to have at hand."""
    return render("registration/index.html", was_over=FLOW.was_over(), again=_again())


@blueprint.route("/pengguna-baru", methods=["GET", "POST"])
@public
def new_user() -> Response:
    """Ask who the person is, and compare that with the population registry."""
    form = NewUserForm(data=_typed_before(NewUserForm.KEPT))
    outcome: DoorOutcome | None = None
    if form.validate_on_submit():
        answer = form.captcha_answered(captcha.CaptchaPurpose.NEW_USER)
        outcome = registration_doors.begin_as_new_user(
            form.claim(), answer, client(), is_sure=form.is_sure(), typed=_typed(form)
        )
    is_away = outcome is Mismatch.AWAY
    return _go_on_or_say(
        outcome,
        "registration/registry_away.html" if is_away else "registration/new_user.html",
        form,
        captcha.CaptchaPurpose.NEW_USER,
        form.nik,
    )


@blueprint.route("/pengguna-mobile", methods=["GET", "POST"])
@public
def mobile_user() -> Response:
    """Ask whose membership it is. The next page is the same for everybody."""
    form = MobileUserForm(data=_typed_before(MobileUserForm.KEPT))
    outcome: DoorOutcome | None = None
    if form.validate_on_submit():
        answer = form.captcha_answered(captcha.CaptchaPurpose.MOBILE_USER)
        outcome = registration_doors.begin_as_mobile_user(
            form.identity, answer, client(), typed=_typed(form)
        )
    return _go_on_or_say(
        outcome,
        "registration/mobile_user.html",
        form,
        captcha.CaptchaPurpose.MOBILE_USER,
        form.number,
    )


def _again() -> str | None:
    """What the addresses of the doors carry on, for whoever comes back to them."""
    return AGAIN if comes_back() else None


def _typed_before(fields: tuple[str, ...]) -> dict[str, str] | None:
    """What was typed in these fields of a door, for whoever comes back to it. The number of one
    door is known at the other, too, where it is a NIK."""
    draft = FLOW.row_at(*BEFORE_THE_CODE) if comes_back() else None
    if draft is None:
        return None
    typed = typed_at_doors(draft)
    number = typed.get("nik" if draft.door is Door.NEW_USER else "number", "")
    read = read_identity(number)
    if isinstance(read, IdentityNumber) and read.type is IdentityType.NIK:
        typed = {"nik": number, "number": number, **typed}
    return {name: typed[name] for name in fields if name in typed}


def _typed(form: MobileUserForm | NewUserForm) -> Typed:
    return Typed(form.typed(), FLOW.row_at(*BEFORE_THE_CODE), comes_back=comes_back())


def _go_on_or_say(
    outcome: DoorOutcome | None,
    template: str,
    form: MobileUserForm | NewUserForm,
    purpose: captcha.CaptchaPurpose,
    number: StringField,
) -> Response:
    """Go on to the phone, or show the door again. `number`: the field that tells of a wait."""
    if isinstance(outcome, BegunRegistration):
        sign_in_hints.forget()
        if outcome.token is not None:
            FLOW.begin(outcome.token)
        return leave_for(url_for("registration.phone"))
    is_wrong_captcha = outcome is registration_doors.DoorRefusal.WRONG_CAPTCHA
    if is_wrong_captcha:
        form.say_wrong_captcha()
    if outcome is registration_doors.DoorRefusal.CHECK_AGAIN:
        form.say_check_again()
    if outcome is Mismatch.NO_MATCH:
        form.say_no_match()
    # 424: a service failed that this one depends on (RFC 4918, 11.4). With a 5xx, htmx would not
    # show the page that says so.
    status = 424 if outcome is Mismatch.AWAY else 200
    if isinstance(outcome, RetryAfter) and outcome.until:
        number.errors = [f"Terlalu banyak permintaan. Coba lagi pukul {not_before(outcome.until)}"]
        status = 429
    return render(
        template,
        status=status,
        # Only the captcha is replaced, so that the rest of the form stays as it was typed.
        part="components/_captcha.html" if is_wrong_captcha else None,
        part_target="#captcha",
        form=form,
        captcha=new_captcha(purpose),
        again=_again(),
        is_mismatch=outcome is Mismatch.NO_MATCH,
    )
