"""The link that a relative gets, and the two buttons that it leads to."""

from flask import Blueprint, session, url_for
from werkzeug.wrappers import Response

from jkn.services.access import family_confirmation
from jkn.services.basics import tokens
from jkn.web.access import public
from jkn.web.links import is_of_page
from jkn.web.rendering import leave_for, render
from jkn.web.visitor import client

blueprint = Blueprint("family_confirmation", __name__, url_prefix="/keluarga")

_LINK = "family_link"


@blueprint.get("/<token>")
@public
def arrive(token: str) -> Response:
    """Take the token out of the address at once. Opening the link changes nothing: programs that
    look for malware open every link of an e-mail."""
    # The token is cut: browsers drop a cookie that is too long, with everything in it.
    session[_LINK] = token[: tokens.LENGTH]
    return leave_for(url_for("family_confirmation.index"))


@blueprint.get("/akun-baru")
@public
def index() -> Response:
    """Ask whether the account is their relative's."""
    token = str(session.get(_LINK, ""))
    newcomer = family_confirmation.newcomer_of(token)
    return render(
        "family_confirmation/index.html",
        status=410 if newcomer is None else 200,
        newcomer=newcomer,
        mark=tokens.mark(token),
    )


@blueprint.post("/akun-baru/benar")
@public
def confirm() -> Response:
    """It is: the account opens fully."""
    return _decided(is_theirs=True)


@blueprint.post("/akun-baru/bukan")
@public
def refuse() -> Response:
    """It is not: the account is frozen."""
    return _decided(is_theirs=False)


@blueprint.get("/akun-baru/dipastikan")
@public
def confirmed() -> Response:
    """Say what happened, without naming anybody."""
    return render("family_confirmation/confirmed.html")


@blueprint.get("/akun-baru/dibekukan")
@public
def frozen() -> Response:
    """Likewise, and what to do next."""
    return render("family_confirmation/frozen.html")


def _decided(*, is_theirs: bool) -> Response:
    token = str(session.get(_LINK, ""))
    if not is_of_page(token) or not family_confirmation.decide(
        token, client(), is_theirs=is_theirs
    ):
        return leave_for(url_for("family_confirmation.index"))
    if is_theirs:
        # The link stays, for somebody whose thumb slipped.
        return leave_for(url_for("family_confirmation.confirmed"))
    session.pop(_LINK, None)
    return leave_for(url_for("family_confirmation.frozen"))
