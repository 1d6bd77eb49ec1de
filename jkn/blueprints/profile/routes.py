"""Profil: the person's data, and rows that lead to everything about the account."""

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from jkn.services.access import pins
from jkn.services.membership.personal_data import masked_data, open_data
from jkn.services.passkeys import this_phone
from jkn.web.access import needs_step_up, not_limited
from jkn.web.flash import take_flash
from jkn.web.rendering import render
from jkn.web.return_targets import forget_return_target
from jkn.web.step_up import closing, open_until
from jkn.web.visitor import account, device_token

blueprint = Blueprint("profile", __name__, url_prefix="/profil")


@blueprint.get("")
def index() -> Response:
    """The page with the numbers masked."""
    forget_return_target()
    return _page(is_open=False)


@blueprint.get("/data")
@not_limited
@needs_step_up("profile.index")
def details() -> Response:
    """*Lihat*: the same page with the numbers in full, while the step-up lasts."""
    return closing(_page(is_open=True), url_for("profile.index"))


def _page(*, is_open: bool) -> Response:
    owner = account()
    return render(
        "profile/index.html",
        person=open_data(owner) if is_open else masked_data(owner),
        open_until=open_until() if is_open else None,
        pin_state=pins.state_of(owner),
        this_phone=this_phone.of_account(owner.id, device_token()),
        signals=None,
        flash=take_flash(),
    )
