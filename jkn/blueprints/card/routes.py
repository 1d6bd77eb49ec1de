"""Kartu: the own card in full, the family's with their numbers masked."""

from flask import Blueprint
from werkzeug.wrappers import Response

from jkn.services.member_cards import cards_for
from jkn.web.access import account, refuse_foreign
from jkn.web.rendering import render

blueprint = Blueprint("card", __name__)


@blueprint.get("/kartu")
def index() -> Response:
    """The own card and the way to everybody else's in the family."""
    cards = cards_for(account())
    return render("card/index.html", card=cards[0] if cards else None, members=cards[1:])


@blueprint.get("/kartu/<int:member_id>")
def member(member_id: int) -> Response:
    """One member's card, found among the own family and nowhere else."""
    for card in cards_for(account()):
        if card.id == member_id:
            return render("card/member.html", card=card)
    return refuse_foreign()
