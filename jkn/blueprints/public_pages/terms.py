"""Syarat & ketentuan, to be read at any time."""

from flask import Blueprint
from werkzeug.wrappers import Response

from jkn.models import ConsentPurpose
from jkn.services.basics import terms
from jkn.web.access import public
from jkn.web.rendering import render

blueprint = Blueprint("terms", __name__)


@blueprint.get("/syarat-ketentuan")
@public
def index() -> Response:
    """The terms of an account that are in force."""
    return render("terms/index.html", terms=terms.current(), title="Syarat & ketentuan")


@blueprint.get("/syarat-ketentuan/biometrik")
@public
def biometrics() -> Response:
    """The terms of *Login dengan Biometrik* that are in force."""
    shown = terms.current(ConsentPurpose.BIOMETRICS)
    return render("terms/index.html", terms=shown, title="Syarat Login dengan Biometrik")
