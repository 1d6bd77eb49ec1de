"""Huruf besar: kept in a cookie, so that it holds before signing in, too."""

from flask import Blueprint, current_app, request
from werkzeug.wrappers import Response

from jkn.web.access import public
from jkn.web.rendering import back_to_same_page, set_lasting_cookie

blueprint = Blueprint("display", __name__)


@blueprint.post("/tampilan/huruf-besar")
@public
def large_text() -> Response:
    """`on` says what is wanted, so that a second tap on a slow phone undoes nothing."""
    answer = back_to_same_page()
    wanted = "1" if request.form.get("on") == "1" else "0"
    set_lasting_cookie(answer, current_app.config["LARGE_TEXT_COOKIE"], wanted)
    return answer
