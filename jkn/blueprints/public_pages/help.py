"""Bantuan: one page, the same for everybody."""

from flask import Blueprint
from werkzeug.wrappers import Response

from jkn.web.access import public
from jkn.web.rendering import render

blueprint = Blueprint("help", __name__)


@blueprint.get("/bantuan")
@public
def index() -> Response:
    """Care Center 165 and a short how-to for each journey."""
    return render("help/index.html")
