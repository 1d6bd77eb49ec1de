"""Keluar: ask, then end the session on the server."""

from flask import Blueprint
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from jkn.web.access import end_session
from jkn.web.rendering import render

blueprint = Blueprint("sign_out", __name__)


@blueprint.route("/keluar", methods=["GET", "POST"])
def index() -> Response:
    """Looking changes nothing; *Setuju* signs out."""
    form = FlaskForm()
    if form.validate_on_submit():
        return end_session()
    return render("sign_out/index.html", form=form)
