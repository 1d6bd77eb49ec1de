"""Lainnya: a list of ways onward."""

from flask import Blueprint
from werkzeug.wrappers import Response

from jkn.web.rendering import render

blueprint = Blueprint("more", __name__)


@blueprint.get("/lainnya")
def index() -> Response:
    """Help and the way out."""
    return render("more/index.html")
