"""Ubah Kata Sandi: one page; afterwards the person is signed out on every phone, this one too."""

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from jkn.blueprints.password_change.forms import PasswordChangeForm
from jkn.services.access import password_change
from jkn.services.access.password_change import PasswordChangeRefusal
from jkn.services.basics.outcomes import Outcome
from jkn.services.credentials import password_verification
from jkn.services.credentials.captcha import CaptchaPurpose
from jkn.services.credentials.password_policy import WeakPassword, shortest
from jkn.services.throttling.retry_after import RetryAfter
from jkn.web.access import guards_itself, public
from jkn.web.browser_session import leave_signed_out
from jkn.web.captchas import new_captcha
from jkn.web.flash import Flash, take_flash
from jkn.web.own_password import why_refused
from jkn.web.rendering import leave_for, part_for_fragment, render
from jkn.web.visitor import account, client

blueprint = Blueprint("password_change", __name__)


@blueprint.get("/.well-known/change-password")
@public
def well_known() -> Response:
    """The address to which password managers send people (W3C, A Well-Known URL for Changing
    Passwords)."""
    return leave_for(url_for("password_change.index"))


@blueprint.route("/profil/kata-sandi", methods=["GET", "POST"])
@guards_itself
def index() -> Response:
    """The page asks for the old password itself, so no recent authentication is needed."""
    form, status = PasswordChangeForm(), 200
    is_wrong_captcha = is_locked = False
    if form.validate_on_submit():
        outcome = password_change.change(
            account(),
            form.old_password.data,
            form.password.data,
            form.captcha_answered(CaptchaPurpose.CHANGE_PASSWORD),
            client(),
        )
        if isinstance(outcome, Outcome):
            return leave_signed_out(url_for("sign_in.index"), Flash.PASSWORD_CHANGED)
        if outcome is PasswordChangeRefusal.OVER:
            return leave_for(url_for("password_change.index"))
        if outcome is PasswordChangeRefusal.BUSY:
            form.say_busy()
            if part := part_for_fragment(
                "components/_captcha_busy.html", target="#captcha-notice", status=503, form=form
            ):
                return part
        is_locked = isinstance(outcome, RetryAfter)
        is_wrong_captcha = outcome is PasswordChangeRefusal.WRONG_CAPTCHA
        status = _say(form, outcome)
    return render(
        "password_change/index.html",
        status=status,
        part="components/_captcha.html" if is_wrong_captcha else None,
        part_target="#captcha",
        form=form,
        is_locked=is_locked,
        captcha=new_captcha(CaptchaPurpose.CHANGE_PASSWORD),
        shortest=shortest(),
        flash=take_flash(),
    )


def _say(
    form: PasswordChangeForm, outcome: WeakPassword | PasswordChangeRefusal | RetryAfter
) -> int:
    """Put the refusal at the field that it is about. Returns the answer's status."""
    if isinstance(outcome, WeakPassword):
        return form.say_why_not(outcome)
    if outcome is PasswordChangeRefusal.WRONG_CAPTCHA:
        form.say_wrong_captcha()
        return 422
    if outcome is PasswordChangeRefusal.BUSY:
        return 503
    if outcome is PasswordChangeRefusal.SAME:
        return form.say("Kata sandi baru sama dengan yang lama. Pilih yang lain")
    if outcome is PasswordChangeRefusal.TOO_MANY:
        form.say("Sudah terlalu sering ditolak. Pilih yang jauh berbeda, tanpa data diri Anda")
        return 429
    why = (
        outcome if isinstance(outcome, RetryAfter) else password_verification.PasswordRefusal.WRONG
    )
    form.old_password.errors, status = why_refused(why)
    return status
