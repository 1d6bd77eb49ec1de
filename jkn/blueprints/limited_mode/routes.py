"""Akun dibatasi: what is closed, until when, and the code that opens it at once."""

from flask import Blueprint, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from jkn.models import Channel
from jkn.services.access import family_confirmation
from jkn.services.basics.outcomes import Outcome
from jkn.services.credentials.one_time_codes import Sent, Verdict
from jkn.services.messaging import account_channels
from jkn.services.messaging.channels import CHANNELS
from jkn.services.sessions import limited_mode
from jkn.services.sessions.sessions import RotatedToken
from jkn.services.throttling.retry_after import RetryAfter
from jkn.web.access import unguarded
from jkn.web.browser_session import adopt
from jkn.web.codes import CodeCommands, CodePage, OtherWay, code_page, why_not_sent
from jkn.web.flash import Flash, leave_flash
from jkn.web.rendering import leave_for, render
from jkn.web.return_targets import return_target
from jkn.web.visitor import account, client
from jkn.web.way_form import WayForm

blueprint = Blueprint("limited_mode", __name__, url_prefix="/akses-terbatas")


@blueprint.route("", methods=["GET", "POST"])
@unguarded
def index() -> Response:
    """Say what is closed, and send a code. Nothing is left to do with full access."""
    if not limited_mode.is_limited(account()):
        return leave_for(return_target())
    if limited_mode.is_unconfirmed(account()):
        is_asked = family_confirmation.is_family_asked(account())
        return render("limited_mode/unconfirmed.html", is_family_asked=is_asked)
    channels = limited_mode.channels_of(account())
    labels: dict[str, str] = {it: CHANNELS[it].label for it in channels}
    form = WayForm("Kirim kode lewat", labels, "Pilih SMS atau Email")
    problem, status = None, 200
    if form.validate_on_submit():
        channel = Channel(form.way.data)
        outcome = limited_mode.send_code(account(), _session_id(), channel, client())
        if isinstance(outcome, Sent):
            return leave_for(url_for("limited_mode.code", channel=channel))
        problem, status = why_not_sent(outcome), 429
    return render(
        "limited_mode/index.html",
        status=status,
        form=form,
        problem=problem,
        targets={it: f"Ke {_target(it)}" for it in channels},
    )


@blueprint.route("/<any(sms,email):channel>", methods=["GET", "POST"])
@unguarded
def code(channel: str) -> Response:
    """The page where the code is typed that went to this channel."""
    by = Channel(channel)
    if not limited_mode.is_limited(account()) or by not in limited_mode.channels_of(account()):
        return leave_for(url_for("limited_mode.index"))

    def verify(typed: str) -> Verdict | RetryAfter | Outcome:
        outcome = limited_mode.verify_code(account(), _session_id(), by, typed, client())
        if not isinstance(outcome, RotatedToken):
            return outcome
        adopt(outcome.token)
        leave_flash(Flash.FULL_ACCESS)
        return Verdict.RIGHT

    return code_page(
        CodePage(
            step="Langkah 2 dari 2",
            channel=by,
            target=_target(by),
            back_url=url_for("limited_mode.index"),
            next_url=url_for("limited_mode.index"),
            other_ways=[OtherWay("Pilih cara lain", url_for("limited_mode.index"))],
        ),
        CodeCommands(
            limited_mode.last_sent(account(), _session_id(), by),
            send=lambda: limited_mode.send_code(account(), _session_id(), by, client()),
            verify=verify,
        ),
    )


def _target(channel: Channel) -> str:
    """Where the code goes: while the phone is new, to the phone of the membership record."""
    is_other = channel is Channel.SMS and account_channels.is_phone_new(account())
    return CHANNELS[channel].recorded if is_other else CHANNELS[channel].registered


def _session_id() -> int:
    number: int = current_user.record.id
    return number
