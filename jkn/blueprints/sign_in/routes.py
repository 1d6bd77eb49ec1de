"""Masuk: number, password and captcha, and on to Beranda."""

from flask import Blueprint, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from jkn.blueprints.sign_in.forms import SignInForm
from jkn.services.captcha import Purpose
from jkn.services.sign_in import Refusal, sign_in
from jkn.web.access import begin_session, client, public, was_expired
from jkn.web.captchas import new_captcha
from jkn.web.rendering import leave_for, render

blueprint = Blueprint("sign_in", __name__)


@blueprint.route("/masuk", methods=["GET", "POST"])
@public
def index() -> Response:
    """One answer for a wrong number, a wrong password and an unknown person."""
    if current_user.is_authenticated:
        return leave_for(url_for("home.index"))
    form = SignInForm()
    refusal = None
    if form.validate_on_submit():
        answer = form.captcha_answered(Purpose.SIGN_IN)
        outcome = sign_in(form.identity, form.password.data, answer, client())
        if not isinstance(outcome, Refusal):
            return begin_session(outcome)
        refusal = outcome
    if refusal is Refusal.WRONG_CAPTCHA:
        form.say_wrong_captcha()
    return render(
        "sign_in/index.html",
        status=422 if refusal else 200,
        part="components/_captcha.html" if refusal is Refusal.WRONG_CAPTCHA else None,
        part_target="#captcha",
        form=form,
        captcha=new_captcha(Purpose.SIGN_IN),
        refused=refusal is Refusal.NO_MATCH,
        expired=was_expired(),
    )
