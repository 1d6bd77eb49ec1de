"""Masuk: number, password and captcha, and on to Beranda."""

from flask import Blueprint, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from jkn.blueprints.sign_in.forms import SignInForm
from jkn.services.captcha import Purpose
from jkn.services.sign_in import Refusal, SignedIn, sign_in
from jkn.services.waits import Wait
from jkn.web.access import begin_session, client, device_token, public
from jkn.web.captchas import new_captcha
from jkn.web.notices import take_notice
from jkn.web.rendering import leave_for, part_for_fragment, render

blueprint = Blueprint("sign_in", __name__)


@blueprint.route("/masuk", methods=["GET", "POST"])
@public
def index() -> Response:
    """One answer for a wrong number, a wrong password and an unknown person."""
    if current_user.is_authenticated:
        return leave_for(url_for("home.index"))
    form = SignInForm()
    outcome: Refusal | Wait | None = None
    if form.validate_on_submit():
        answer = form.captcha_answered(Purpose.SIGN_IN)
        result = sign_in(form.identity, form.password.data, answer, client(), device_token())
        if isinstance(result, SignedIn):
            return begin_session(result.session_token, result.device_token)
        outcome = result
    if outcome is Refusal.WRONG_CAPTCHA:
        form.say_wrong_captcha()
    if outcome is Refusal.BUSY:
        form.say_busy()
        # As little as can be: there may be hundreds at the door.
        if part := part_for_fragment(
            "components/_captcha_busy.html", target="#captcha-notice", status=503, form=form
        ):
            return part
    wait = outcome if isinstance(outcome, Wait) else None
    return render(
        "sign_in/index.html",
        status=_status(outcome),
        # The captcha's part says it by itself and leaves the rest as it was typed.
        part="components/_captcha.html" if outcome is Refusal.WRONG_CAPTCHA else None,
        part_target="#captcha",
        form=form,
        captcha=new_captcha(Purpose.SIGN_IN),
        refused=outcome is Refusal.NO_MATCH,
        wait=wait,
        notice=take_notice(),
    )


def _status(outcome: Refusal | Wait | None) -> int:
    if outcome is None:
        return 200
    if outcome is Refusal.BUSY:
        return 503
    return 429 if isinstance(outcome, Wait) else 422
