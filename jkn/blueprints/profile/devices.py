"""Perangkat & sesi: the sessions of the account; the owner can end one, or all others."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from jkn.models import SignInSession
from jkn.services.basics.device_names import DeviceName, device_name
from jkn.services.sessions import sessions
from jkn.web.access import refuse_foreign
from jkn.web.flash import Flash, leave_flash, take_flash
from jkn.web.rendering import leave_for, render
from jkn.web.visitor import account, client, own_session

blueprint = Blueprint("devices", __name__, url_prefix="/profil/perangkat")


@dataclass(frozen=True)
class Device:
    """A live session as its owner knows it. `model`: of the phone; None where its browser does not
    tell. Times are aware UTC."""

    id: int
    name: DeviceName
    model: str | None
    started_at: datetime
    last_used_at: datetime
    is_this: bool


@blueprint.get("")
def index() -> Response:
    """List the sessions: this one first, then by when they were used last."""
    live = sorted(sessions.live_of(account()), key=lambda it: it.id != own_session().id)
    return render("devices/index.html", devices=[*map(_device, live)], flash=take_flash())


@blueprint.post("/<id:session_id>/keluarkan")
def end(session_id: int) -> Response:
    """End one session."""
    if not sessions.end_other(account(), session_id, client()):
        return refuse_foreign()
    return _done()


@blueprint.post("/keluarkan-lainnya")
def end_others() -> Response:
    """End every session but this one."""
    sessions.end_others(account().id, own_session().id, client())
    return _done()


def _done() -> Response:
    leave_flash(Flash.SIGNED_OUT_THERE)
    return leave_for(url_for("devices.index"))


def _device(record: SignInSession) -> Device:
    return Device(
        id=record.id,
        name=device_name(record.user_agent),
        model=record.phone_model,
        started_at=record.started_at,
        last_used_at=record.last_used_at,
        is_this=record.id == own_session().id,
    )
