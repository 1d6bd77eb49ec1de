"""Bukan saya: the link of a warning, and the one button that it leads to."""

from flask import Blueprint, request, session, url_for
from werkzeug.wrappers import Response

from jkn.services.access import account_freeze
from jkn.services.basics import tokens
from jkn.web.access import public
from jkn.web.rendering import leave_for, render
from jkn.web.visitor import client

blueprint = Blueprint("account_freeze", __name__, url_prefix="/bukan-saya")

_LINK = "freeze_link"


@blueprint.get("/<token>")
@public
def arrive(token: str) -> Response:
    """The link leaves the address at once, and does nothing by being looked at."""
    # No more than that: a cookie that is too long is dropped, and with it all that it holds.
    session[_LINK] = token[: tokens.LENGTH]
    return leave_for(url_for("account_freeze.index"))


@blueprint.route("", methods=["GET", "POST"])
@public
def index() -> Response:
    """Freezes on POST only."""
    token = str(session.get(_LINK, ""))
    if request.method == "POST":
        session.pop(_LINK, None)
        is_frozen = account_freeze.freeze(token, client())
        return leave_for(url_for("account_freeze.frozen" if is_frozen else "account_freeze.index"))
    is_live = account_freeze.is_link_live(token)
    return render("account_freeze/index.html", status=200 if is_live else 410, is_live=is_live)


@blueprint.get("/selesai")
@public
def frozen() -> Response:
    """What comes next; it names nobody."""
    return render("account_freeze/frozen.html")
