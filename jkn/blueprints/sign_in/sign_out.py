"""Keluar: ask, then end the session on the server; if wanted, erase this phone's data as well."""

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from jkn.services.passkeys import this_phone
from jkn.web import sign_in_hints
from jkn.web.access import public, unguarded
from jkn.web.browser_session import end_session, erase_browser
from jkn.web.form import Form
from jkn.web.rendering import render
from jkn.web.visitor import account, device_token

blueprint = Blueprint("sign_out", __name__)


@blueprint.route("/keluar", methods=["GET", "POST"])
@unguarded
def index() -> Response:
    """Opening the page changes nothing; *Setuju* signs out."""
    form = Form()
    if form.validate_on_submit():
        return end_session()
    here = this_phone.of_account(account().id, device_token())
    return render("sign_out/index.html", form=form, this_phone=here)


@blueprint.post("/keluar/hapus-semua")
@public
def erase() -> Response:
    """*Keluar dan hapus semua data di HP ini*: leave the phone as if nobody had used the app on it.
    It works without a session, too, since that may expire while the page is open."""
    sign_in_hints.forget()
    return erase_browser(url_for("landing.erased"))
