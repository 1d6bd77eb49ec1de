"""Keluar: ask, then end the session on the server; with everything on this phone, if wanted."""

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from jkn.services.passkeys import this_phone
from jkn.web.access import public, unguarded
from jkn.web.browser_session import end_session, erase_browser
from jkn.web.form import Form
from jkn.web.rendering import render
from jkn.web.visitor import account, device_token

blueprint = Blueprint("sign_out", __name__)


@blueprint.route("/keluar", methods=["GET", "POST"])
@unguarded
def index() -> Response:
    """Looking changes nothing; *Setuju* signs out."""
    form = Form()
    if form.validate_on_submit():
        return end_session()
    here = this_phone.of_account(account().id, device_token())
    return render("sign_out/index.html", form=form, this_phone=here)


@blueprint.post("/keluar/hapus-semua")
@public
def erase() -> Response:
    """*Keluar dan hapus semua data di HP ini*: as if nobody had ever used the app here, also when
    the session ran out while the page was open."""
    return erase_browser(url_for("landing.erased"))
