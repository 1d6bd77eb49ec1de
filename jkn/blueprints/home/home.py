"""Beranda: the own card, the family, what needs doing."""

from flask import Blueprint
from werkzeug.wrappers import Response

from jkn.services.basics import clock
from jkn.services.membership.home import overview
from jkn.web.browser_session import is_offered_passkey
from jkn.web.flash import take_flash
from jkn.web.rendering import render
from jkn.web.visitor import account

blueprint = Blueprint("home", __name__)

# The hour in Jakarta until which each greeting is used.
_GREETINGS = ((11, "Selamat pagi"), (15, "Selamat siang"), (18, "Selamat sore"))


@blueprint.get("/beranda")
def index() -> Response:
    """The first page after signing in."""
    owner = account()
    seen = overview(owner)
    return render(
        "home/index.html",
        greeting=_greeting(clock.now().astimezone(clock.JAKARTA).hour),
        account_name=owner.name,
        card=seen.card,
        members=seen.members,
        reminders=seen.reminders,
        offers_passkey=is_offered_passkey(),
        flash=take_flash(),
    )


def _greeting(hour: int) -> str:
    return next((words for until, words in _GREETINGS if 4 <= hour < until), "Selamat malam")
