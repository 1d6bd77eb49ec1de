"""Bantuan: a list of guides, and a page for each."""

from flask import Blueprint, abort, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from jkn.blueprints.public_pages.guides import GUIDES, HOW_TO, PROBLEMS
from jkn.web.access import public
from jkn.web.rendering import page_asked_from, render

blueprint = Blueprint("help", __name__, url_prefix="/bantuan")


@blueprint.get("")
@public
def index() -> Response:
    """All guides on one page. The search in it is the browser's own: what is typed there, perhaps
    a NIK, is sent to nobody and stands in no address."""
    start = "home.index" if current_user.is_authenticated else "landing.index"
    return render(
        "help/index.html",
        problems=PROBLEMS,
        how_to=HOW_TO,
        back_url=_page_before() or url_for(start),
    )


@blueprint.get("/<slug>")
@public
def guide(slug: str) -> Response:
    """What to do about one thing, and the way to begin."""
    if (shown := GUIDES.get(slug)) is None:
        abort(404)
    return render(
        "help/guide.html",
        guide=shown,
        related=[GUIDES[it] for it in shown.related],
        back_url=_page_before() or url_for("help.index"),
    )


def _page_before() -> str | None:
    """The page where somebody got stuck, so that *Kembali* leads there; None when they come from
    within Bantuan, where two pages would lead back to each other for ever."""
    page = page_asked_from()
    is_help = page is None or f"{page}/".startswith(f"{url_for('help.index')}/")
    return None if is_help else page
