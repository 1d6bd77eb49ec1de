"""The smallest journey that asks for a code, for tests of the code page that all journeys share."""

from flask import Blueprint, Flask, session
from werkzeug.wrappers import Response

from jkn.database import session as rows
from jkn.database import transaction
from jkn.models import Channel
from jkn.services.credentials import one_time_codes
from jkn.services.credentials.one_time_codes import (
    CodePurpose,
    Confirmation,
    Recipient,
    Sent,
    TooSoon,
    Verdict,
)
from jkn.services.throttling.retry_after import RetryAfter
from jkn.web.access import public
from jkn.web.codes import CodeCommands, CodePage, OtherWay, code_page
from jkn.web.rendering import leave_for
from jkn.web.visitor import client

NIK = "3276051703840001"
PHONE = "+6281234567890"
MASKED = "0812••••7890"
blueprint = Blueprint("trial", __name__)


def _confirmation() -> Confirmation:
    return Confirmation(NIK, CodePurpose.RECOVERY, flow="1")


def _send() -> Sent | TooSoon | RetryAfter:
    channel = Channel(session["channel"])
    address = PHONE if channel is Channel.SMS else "siti@contoh.id"
    with transaction():
        return one_time_codes.send(_confirmation(), Recipient(channel, address), client())


def _verify(typed: str) -> Verdict | RetryAfter:
    with transaction():
        return one_time_codes.verify(_confirmation(), typed, client())


@blueprint.get("/percobaan/<any(sms,email):channel>")
@public
def start(channel: str) -> Response:
    """Send the first code and go to where it is typed."""
    session["channel"] = channel
    _send()
    return leave_for("/percobaan/kode")


@blueprint.route("/percobaan/kode", methods=["GET", "POST"])
@public
def code() -> Response:
    """The step under test."""
    sent = one_time_codes.last_sent(_confirmation())
    rows.rollback()
    return code_page(
        CodePage(
            step="Langkah 2 dari 4",
            channel=Channel(session["channel"]),
            target=MASKED,
            back_url="/masuk",
            next_url="/bantuan",
            other_ways=[OtherWay("Kirim lewat email saja", "/percobaan/email")],
        ),
        CodeCommands(sent, _send, _verify),
    )


def add_to(app: Flask) -> None:
    """Register the journey, as the factory does with those of the product."""
    app.register_blueprint(blueprint)
