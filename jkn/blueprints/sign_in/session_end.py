"""The request that a page makes shortly before the session ends, and *Tetap masuk* (security.md
R47)."""

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from jkn.web.access import passive, unguarded
from jkn.web.rendering import page_asked_from, render_part

blueprint = Blueprint("session_end", __name__, url_prefix="/sesi")

_PART = "components/_session_watch.html"


@blueprint.get("")
@passive
def index() -> Response:
    """How long the session still lives, with the dialog when the end is near."""
    return render_part(_PART, target="#session-watch", page_url=url_for("home.index"))


@blueprint.post("/perpanjang")
@unguarded
def prolong() -> Response:
    """Nothing more to do: every request of a person prolongs the session, so this one does, too."""
    page_url = page_asked_from() or url_for("home.index")
    return render_part(_PART, target="#session-watch", page_url=page_url)
