"""Bukan saya: the link of a warning, and the one button that it leads to."""

from flask import Blueprint, request, session, url_for
from werkzeug.wrappers import Response

from jkn.services.access import account_freeze
from jkn.services.basics import tokens
from jkn.web.access import public
from jkn.web.links import is_of_page
from jkn.web.rendering import leave_for, render
from jkn.web.visitor import client

blueprint = Blueprint("account_freeze", __name__, url_prefix="/bukan-saya")

_LINK = "freeze_link"


@blueprint.get("/<token>")
@public
def arrive(token: str) -> Response:
    """Take the token out of the address at once. Opening the link changes nothing."""
    # The token is cut: browsers drop a cookie that is too long, with everything in it.
    session[_LINK] = token[: tokens.LENGTH]
    return leave_for(url_for("account_freeze.index"))


@blueprint.route("", methods=["GET", "POST"])
@public
def index() -> Response:
    """Ask with GET, freeze with POST only."""
    token = str(session.get(_LINK, ""))
    if request.method == "POST":
        is_frozen = is_of_page(token) and account_freeze.freeze(token, client())
        if not is_frozen:
            return leave_for(url_for("account_freeze.index"))
        session.pop(_LINK, None)
        return leave_for(url_for("account_freeze.frozen"))
    is_live = account_freeze.is_link_live(token)
    return render(
        "account_freeze/index.html",
        status=200 if is_live else 410,
        is_live=is_live,
        mark=tokens.mark(token),
    )


@blueprint.get("/selesai")
@public
def frozen() -> Response:
    """Say what to do next, without naming anybody."""
    return render("account_freeze/frozen.html")
