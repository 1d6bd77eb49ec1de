"""Landing: the choice between the ways in."""

from flask import Blueprint, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from jkn.services.passkeys import passkey_devices
from jkn.web.access import public
from jkn.web.flash import Flash, take_flash
from jkn.web.rendering import leave_for, render
from jkn.web.visitor import device_token

blueprint = Blueprint("landing", __name__)


@blueprint.get("/")
@public
def index() -> Response:
    """Somebody who is signed in is led to Beranda. Where this phone's fingerprint is on, it
    stands first."""
    if current_user.is_authenticated:
        return leave_for(url_for("home.index"))
    has_passkey = passkey_devices.is_anybodys(device_token())
    return render("landing/index.html", flash=take_flash(), has_passkey_here=has_passkey)


@blueprint.get("/data-dihapus")
@public
def erased() -> Response:
    """The same page after everything on this phone was deleted. This address stands for the notice,
    since a flash would set a cookie again."""
    if current_user.is_authenticated:
        return leave_for(url_for("home.index"))
    return render("landing/index.html", flash=Flash.ERASED)
