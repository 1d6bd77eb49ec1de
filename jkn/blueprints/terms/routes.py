"""Syarat & ketentuan, to be read at any time."""

from flask import Blueprint
from werkzeug.wrappers import Response

from jkn.services import terms
from jkn.web.access import public
from jkn.web.rendering import render

blueprint = Blueprint("terms", __name__)


@blueprint.get("/syarat-ketentuan")
@public
def index() -> Response:
    """The text in force."""
    return render("terms/index.html", terms=terms.current())
