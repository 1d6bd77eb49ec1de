"""Riwayat aktivitas akun: the list by day. Whoever is in limited mode may read it, too."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from jkn.services.audit import activity
from jkn.web.days import by_day
from jkn.web.rendering import render
from jkn.web.visitor import account

blueprint = Blueprint("activity", __name__)


@blueprint.get("/profil/aktivitas")
def index() -> Response:
    """The newest, or with `sebelum` those before that one; htmx adds them to the page."""
    before = request.args.get("sebelum", type=int)
    seen = activity.page(account(), before)
    return render(
        "activity/index.html",
        part=None if before is None else "activity/_days.html",
        part_target="#more-activity",
        before=before,
        days=by_day(seen),
        more_before=seen.more_before,
    )
