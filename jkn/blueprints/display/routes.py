"""Huruf besar: kept in a cookie, so that it holds before signing in, too."""

from datetime import timedelta

from flask import Blueprint, current_app, request
from werkzeug.wrappers import Response

from jkn.web.access import public
from jkn.web.rendering import back_to_same_page

blueprint = Blueprint("display", __name__)

_KEPT = timedelta(days=365)


@blueprint.post("/tampilan/huruf-besar")
@public
def large_text() -> Response:
    """`on` says what is wanted, so that a second tap on a slow phone undoes nothing."""
    answer = back_to_same_page()
    answer.set_cookie(
        current_app.config["LARGE_TEXT_COOKIE"],
        "1" if request.form.get("on") == "1" else "0",
        max_age=_KEPT,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return answer
