"""Simpan Data Username: on and off in Profil, and *Bukan saya* on the sign-in page."""

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from jkn.services.access import saved_usernames
from jkn.web.access import public, unguarded
from jkn.web.browser_session import give_device_token
from jkn.web.flash import Flash, leave_flash
from jkn.web.rendering import leave_for, render_part
from jkn.web.visitor import account, client, device_token

blueprint = Blueprint("saved_username", __name__)


@blueprint.post("/profil/simpan-username")
@unguarded
def switch() -> Response:
    """The field `on` names the state that is wanted, so that a double tap changes nothing back."""
    is_wanted = request.form.get("on") == "1"
    token = device_token()
    if is_wanted:
        token = saved_usernames.save(account().id, token, client())
    else:
        saved_usernames.forget(account().id, token, client())
    answer = render_part(
        "saved_username/_row.html",
        target="#saved-username",
        page_url=url_for("profile.index"),
        has_saved_username=is_wanted,
    )
    if is_wanted and token:
        give_device_token(answer, token)
    return answer


@blueprint.post("/masuk/bukan-saya")
@public
def not_me() -> Response:
    """Forget one remembered person. Anybody who holds the phone may do so, since a saved number
    gives no rights."""
    token, saved_id = device_token(), request.form.get("saved", "")
    if saved_usernames.forget_line(saved_id, token, client()):
        leave_flash(Flash.USERNAME_FORGOTTEN)
    return leave_for(url_for("sign_in.index"))
