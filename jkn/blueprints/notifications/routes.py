"""Notifikasi: the list by day; looking at it marks nothing read, a tap does."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from jkn.models import Topic
from jkn.services import clock, notifications
from jkn.services.notifications import Item, Page
from jkn.services.wording import long_date
from jkn.web.access import account, refuse_foreign
from jkn.web.rendering import leave_for, render, render_part

blueprint = Blueprint("notifications", __name__)

# Where a tap leads, by endpoint; what is not listed says all there is to say.
_LEADS_TO = {
    Topic.NEW_DEVICE: "help.index",
    Topic.ENTERED_AFTER_FAILURES: "help.index",
    Topic.PASSWORD_CLOSED: "help.index",
}


@dataclass(frozen=True)
class Day:
    """The notifications of one day in Jakarta. `goes_on`: its heading is on the page already."""

    day: date
    heading: str
    items: list[Item]
    goes_on: bool


@blueprint.get("/notifikasi")
def index() -> Response:
    """The newest, or with `sebelum` those before that one; htmx adds them to the page."""
    before = request.args.get("sebelum", type=int)
    seen = notifications.page(account(), before)
    return render(
        "notifications/index.html",
        part=None if before is None else "notifications/_days.html",
        part_target="#more-news",
        before=before,
        days=list(_by_day(seen)),
        links=_links(),
        more_before=seen.more_before,
    )


@blueprint.post("/notifikasi/<int:notification_id>/dibaca")
def read(notification_id: int) -> Response:
    """Mark one read and go where it leads, or stay."""
    item = notifications.mark_read(account(), notification_id)
    if item is None:
        return refuse_foreign()
    if item.topic in _LEADS_TO:
        return leave_for(_links()[item.topic])
    before = request.form.get("sebelum", type=int)
    return render_part(
        "notifications/_marked.html",
        target=f"#news-{item.id}",
        page_url=url_for("notifications.index", sebelum=before, _anchor=f"news-{item.id}"),
        item=item,
    )


@blueprint.post("/notifikasi/dibaca")
def read_all() -> Response:
    """*Tandai semua dibaca*: all that the list showed or had below it, `sampai` the newest."""
    notifications.mark_all_read(account(), request.form.get("sampai", 0, type=int))
    return leave_for(url_for("notifications.index"))


def _links() -> dict[Topic, str]:
    return {topic: url_for(endpoint) for topic, endpoint in _LEADS_TO.items()}


def _by_day(seen: Page) -> Iterator[Day]:
    last = _day_of(seen.follows_on) if seen.follows_on else None
    for day, items in groupby(seen.items, lambda item: _day_of(item.happened_at)):
        yield Day(day, _heading(day), list(items), goes_on=day == last)


def _day_of(moment: datetime) -> date:
    return moment.astimezone(clock.JAKARTA).date()


def _heading(day: date) -> str:
    days_ago = clock.today() - day
    return {timedelta(0): "Hari ini", timedelta(days=1): "Kemarin"}.get(days_ago, long_date(day))
