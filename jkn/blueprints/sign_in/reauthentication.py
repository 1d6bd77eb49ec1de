"""Konfirmasi: recent authentication by password or fingerprint, then on to the return target."""

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from jkn.models import Ceremony
from jkn.services.basics.outcomes import Outcome
from jkn.services.passkeys import passkey_proofs
from jkn.services.sessions import reauthentication
from jkn.services.sessions.sessions import RotatedToken
from jkn.web.access import unguarded
from jkn.web.browser_session import adopt_and_leave
from jkn.web.limits import limited_unread
from jkn.web.own_password import LOCKED, OwnPasswordForm
from jkn.web.passkeys import PasskeyForm, as_options
from jkn.web.rendering import leave_for, render
from jkn.web.return_targets import return_target
from jkn.web.visitor import client, device_token, own_session

blueprint = Blueprint("reauthentication", __name__, url_prefix="/konfirmasi")


@blueprint.route("", methods=["GET", "POST"])
@unguarded
def index() -> Response:
    """Ask for the password, unless the recent authentication still holds."""
    if reauthentication.is_recent(own_session()):
        return leave_for(return_target("profile.index"))
    form, status = OwnPasswordForm(), 200
    if form.validate_on_submit():
        outcome = reauthentication.reauthenticate(own_session(), form.password.data, client())
        if isinstance(outcome, RotatedToken):
            return adopt_and_leave(outcome.token, return_target("profile.index"))
        if isinstance(outcome, Outcome):
            return leave_for(url_for("reauthentication.index"))
        status = form.say_why_not(outcome)
    return _page(form, status)


@blueprint.post("/biometrik/tantangan")
@unguarded
@limited_unread
def passkey_options() -> Response:
    """The options that the phone is to sign; when it has no key, load the page again."""
    options = passkey_proofs.options(own_session(), Ceremony.CONFIRM, device_token())
    return leave_for(url_for("reauthentication.index")) if options is None else as_options(options)


@blueprint.post("/biometrik")
@unguarded
def passkey() -> Response:
    """Recent authentication by the fingerprint instead of the password."""
    form = PasskeyForm()
    outcome = passkey_proofs.verify(
        own_session(), Ceremony.CONFIRM, form.credential.data or "", client()
    )
    if isinstance(outcome, RotatedToken):
        return adopt_and_leave(outcome.token, return_target("profile.index"))
    return _page(OwnPasswordForm(), form.say_why_not(outcome), form)


def _page(form: OwnPasswordForm, status: int, passkey: PasskeyForm | None = None) -> Response:
    return render(
        "reauthentication/index.html",
        status=status,
        part=None if passkey is None else "reauthentication/_passkey.html",
        part_target="#passkey",
        form=form,
        is_locked=status == LOCKED,
        passkey=passkey,
        has_passkey=passkey_proofs.is_possible(own_session(), device_token()),
    )
