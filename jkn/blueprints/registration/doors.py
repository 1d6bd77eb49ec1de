"""The doors of Daftar: who somebody says to be."""

from flask import url_for
from werkzeug.wrappers import Response
from wtforms import StringField

from jkn.blueprints.registration.flow import FLOW, blueprint
from jkn.blueprints.registration.forms import MobileUserForm, NewUserForm
from jkn.services.access import registration_doors
from jkn.services.access.identity_check import Mismatch
from jkn.services.access.registration_doors import BegunRegistration
from jkn.services.basics.wording import not_before
from jkn.services.credentials import captcha
from jkn.services.throttling.retry_after import RetryAfter
from jkn.web.access import public
from jkn.web.captchas import new_captcha
from jkn.web.rendering import leave_for, render
from jkn.web.visitor import client

DoorOutcome = BegunRegistration | registration_doors.DoorRefusal | Mismatch | RetryAfter


@blueprint.get("")
@public
def index() -> Response:
    """The doors, and what to have at hand."""
    return render("registration/index.html", was_over=FLOW.was_over())


@blueprint.route("/pengguna-baru", methods=["GET", "POST"])
@public
def new_user() -> Response:
    """Who the person is, as the population registry has them."""
    form = NewUserForm()
    outcome: DoorOutcome | None = None
    if form.validate_on_submit():
        answer = form.captcha_answered(captcha.CaptchaPurpose.NEW_USER)
        outcome = registration_doors.begin_as_new_user(
            form.claim(), answer, client(), is_sure=form.is_sure()
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
    """Whose membership it is. The next page is the same for everybody."""
    form = MobileUserForm()
    outcome: DoorOutcome | None = None
    if form.validate_on_submit():
        answer = form.captcha_answered(captcha.CaptchaPurpose.MOBILE_USER)
        outcome = registration_doors.begin_as_mobile_user(form.identity, answer, client())
    return _go_on_or_say(
        outcome,
        "registration/mobile_user.html",
        form,
        captcha.CaptchaPurpose.MOBILE_USER,
        form.number,
    )


def _go_on_or_say(
    outcome: DoorOutcome | None,
    template: str,
    form: MobileUserForm | NewUserForm,
    purpose: captcha.CaptchaPurpose,
    number: StringField,
) -> Response:
    """On to the phone, or the door once more: `number` is the field that a wait is said at."""
    if isinstance(outcome, BegunRegistration):
        FLOW.begin(outcome.token)
        return leave_for(url_for("registration.phone"))
    is_wrong_captcha = outcome is registration_doors.DoorRefusal.WRONG_CAPTCHA
    if is_wrong_captcha:
        form.say_wrong_captcha()
    if outcome is registration_doors.DoorRefusal.CHECK_AGAIN:
        form.say_check_again()
    if outcome is Mismatch.NO_MATCH:
        form.say_no_match()
    # What failed is a service that this one depends on (RFC 4918, 11.4); a 5xx of our own would
    # keep htmx from showing the page that says so.
    status = 424 if outcome is Mismatch.AWAY else 200
    if isinstance(outcome, RetryAfter) and outcome.until:
        number.errors = [f"Terlalu banyak permintaan. Coba lagi pukul {not_before(outcome.until)}"]
        status = 429
    return render(
        template,
        status=status,
        # The captcha's part says it by itself and leaves the rest as it was typed.
        part="components/_captcha.html" if is_wrong_captcha else None,
        part_target="#captcha",
        form=form,
        captcha=new_captcha(purpose),
        is_mismatch=outcome is Mismatch.NO_MATCH,
    )
