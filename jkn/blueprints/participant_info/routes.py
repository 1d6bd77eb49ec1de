"""Info Peserta: what is on record about each member, what waits for its day and can be cancelled
until then, and what was before."""

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from jkn.blueprints.participant_info.views import past_view, waiting_view
from jkn.models import ChangeState
from jkn.services.changes import participant_info, pending_changes
from jkn.services.changes.participant_info import Cancellable
from jkn.services.changes.pending_changes import Cancellation
from jkn.services.sessions.limited_mode import is_limited
from jkn.web.access import needs_step_up, not_limited, refuse_foreign
from jkn.web.addresses import read_number
from jkn.web.change_values import Sight, address_words
from jkn.web.flash import Flash, leave_flash, take_flash
from jkn.web.form import Form
from jkn.web.rendering import leave_for, render
from jkn.web.return_targets import forget_return_target
from jkn.web.step_up import closing, open_until
from jkn.web.visitor import account, client

blueprint = Blueprint("participant_info", __name__, url_prefix="/peserta")


@blueprint.get("")
def index() -> Response:
    """Everybody on the family card."""
    return render("participant_info/index.html", family=participant_info.family_info(account()))


@blueprint.get("/<id:member_id>")
def member(member_id: int) -> Response:
    """One member. With `sebelum` htmx adds the past changes older than that one to the page."""
    forget_return_target()
    return _page(member_id, Sight.LIMITED if is_limited(account()) else Sight.MASKED)


@blueprint.get("/<id:member_id>/data")
@not_limited
@needs_step_up("participant_info.member")
def details(member_id: int) -> Response:
    """*Lihat data lengkap*: the same with numbers and address in full, while the step-up lasts."""
    masked_url = url_for("participant_info.member", member_id=member_id)
    return closing(_page(member_id, Sight.OPEN), masked_url)


@blueprint.route("/perubahan/<id:change_id>/batalkan", methods=["GET", "POST"])
def cancel(change_id: int) -> Response:
    """Ask with GET; with POST cancel a change before its day."""
    form, known = Form(), participant_info.cancellable(account(), change_id)
    if known is None:
        return refuse_foreign()
    if form.validate_on_submit():
        answer = pending_changes.cancel(account(), change_id, client())
        # A second tap is answered like the first.
        if answer is Cancellation.CANCELLED or _is_cancelled(known):
            leave_flash(Flash.CHANGE_CANCELLED)
            return leave_for(url_for("participant_info.member", member_id=known.member.id))
        known = participant_info.cancellable(account(), change_id) or known
    names = known.facility_names
    return render(
        "participant_info/cancel.html",
        form=form,
        member=known.member,
        change=waiting_view(known.waiting, names, Sight.MASKED) if known.waiting else None,
        past=past_view(known.past, names, Sight.MASKED) if known.past else None,
        is_due=known.is_due,
        flash=take_flash(),
    )


def _is_cancelled(known: Cancellable) -> bool:
    return known.past is not None and known.past.state is ChangeState.CANCELLED


def _page(member_id: int, sight: Sight) -> Response:
    is_open = sight is Sight.OPEN
    before = request.args.get("sebelum", type=read_number)
    info = participant_info.info_of(account(), member_id, before=before, is_open=is_open)
    if info is None:
        return refuse_foreign()
    names = info.facility_names
    return render(
        "participant_info/member.html",
        part=None if before is None else "participant_info/_past.html",
        part_target="#more-past",
        info=info,
        card=info.card,
        home=address_words(info.home, sight),
        waiting=[waiting_view(it, names, sight) for it in info.waiting],
        past=[past_view(it, names, sight) for it in info.past.items],
        more_before=info.past.more_before,
        before=before,
        open_until=open_until() if is_open else None,
        flash=take_flash(),
    )
