"""Riwayat aktivitas akun: the audit log of the own account, by day; also in limited mode."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from jkn.services.audit import activity
from jkn.web.addresses import read_number
from jkn.web.days import by_day
from jkn.web.rendering import render
from jkn.web.visitor import account

blueprint = Blueprint("activity", __name__)


@blueprint.get("/profil/aktivitas")
def index() -> Response:
    """The newest items, or with `sebelum` those older than that one; htmx adds them to the page."""
    before = request.args.get("sebelum", type=read_number)
    seen = activity.page(account(), before)
    return render(
        "activity/index.html",
        part=None if before is None else "activity/_days.html",
        part_target="#more-activity",
        before=before,
        days=by_day(seen),
        more_before=seen.more_before,
    )
