"""Notifikasi: the list by day. Opening it marks nothing as read; a tap does."""

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from jkn.services.messaging import notifications
from jkn.web.access import refuse_foreign, unguarded
from jkn.web.addresses import read_number
from jkn.web.days import by_day
from jkn.web.rendering import leave_for, render, render_part
from jkn.web.visitor import account

blueprint = Blueprint("notifications", __name__)


@blueprint.get("/notifikasi")
def index() -> Response:
    """The newest items, or with `sebelum` those older than that one; htmx adds them to the page."""
    before = request.args.get("sebelum", type=read_number)
    seen = notifications.page(account(), before)
    return render(
        "notifications/index.html",
        part=None if before is None else "notifications/_days.html",
        part_target="#more-news",
        before=before,
        days=by_day(seen),
        more_before=seen.more_before,
    )


@blueprint.post("/notifikasi/<int:notification_id>/dibaca")
@unguarded
def read(notification_id: int) -> Response:
    """Mark one as read, and go where it leads, if it leads anywhere."""
    item = notifications.mark_read(account(), notification_id)
    if item is None:
        return refuse_foreign()
    if item.leads_to is not None:
        return leave_for(url_for(item.leads_to))
    before = request.form.get("sebelum", type=read_number)
    return render_part(
        "notifications/_marked.html",
        target=f"#news-{item.id}",
        page_url=url_for("notifications.index", sebelum=before, _anchor=f"news-{item.id}"),
        item=item,
    )


@blueprint.post("/notifikasi/dibaca")
@unguarded
def read_all() -> Response:
    """*Tandai semua sudah dibaca*: up to `sampai`, the newest in the list as the person saw it."""
    notifications.mark_all_read(account(), request.form.get("sampai", 0, type=read_number))
    return leave_for(url_for("notifications.index"))
