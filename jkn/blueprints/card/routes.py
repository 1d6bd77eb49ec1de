"""Kartu: the own card and the family's cards, whose numbers are masked until a step-up."""

from typing import Any

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from jkn.services.membership.member_cards import MemberCard, cards_for
from jkn.web.access import needs_step_up, not_limited, refuse_foreign
from jkn.web.flash import take_flash
from jkn.web.rendering import leave_for, render
from jkn.web.return_targets import forget_return_target
from jkn.web.step_up import closing, open_until
from jkn.web.visitor import account

blueprint = Blueprint("card", __name__)


@blueprint.get("/kartu")
def index() -> Response:
    """The own card, and links to the cards of the other family members."""
    forget_return_target()
    return _own_page(cards_for(account()), is_open=False)


@blueprint.get("/kartu/<int:member_id>")
def member(member_id: int) -> Response:
    """One member's card. Only members of the own family are found."""
    forget_return_target()
    for card in cards_for(account()):
        if card.id == member_id:
            return _page("card/member.html", is_open=False, card=card)
    return refuse_foreign()


@blueprint.get("/kartu/<int:member_id>/data")
@not_limited
@needs_step_up("card.member")
def details(member_id: int) -> Response:
    """*Lihat nomor lengkap*: the same card with its numbers in full, while the step-up lasts."""
    own_id = account().participant_id
    cards = cards_for(account(), opened=member_id)
    for card in cards:
        if card.id == member_id == own_id:
            return closing(_own_page(cards, is_open=True), url_for("card.index"))
        if card.id == member_id:
            masked_url = url_for("card.member", member_id=member_id)
            return closing(_page("card/member.html", is_open=True, card=card), masked_url)
    return refuse_foreign()


@blueprint.get("/kartu/besar")
@not_limited
def own_large() -> Response:
    """The own card number, so large that it can be read across a counter."""
    cards = cards_for(account())
    back = url_for("card.index")
    return render("card/large.html", card=cards[0], back=back) if cards else leave_for(back)


@blueprint.get("/kartu/<int:member_id>/besar")
@not_limited
@needs_step_up("card.member")
def large(member_id: int) -> Response:
    """The same for another family member, while the step-up lasts."""
    for card in cards_for(account(), opened=member_id):
        if card.id == member_id:
            masked_url = url_for("card.member", member_id=member_id)
            back = url_for("card.details", member_id=member_id)
            page = render("card/large.html", card=card, back=back, open_until=open_until())
            return closing(page, masked_url)
    return refuse_foreign()


def _own_page(cards: list[MemberCard], *, is_open: bool) -> Response:
    own = cards[0] if cards else None
    return _page("card/index.html", is_open=is_open, card=own, members=cards[1:])


def _page(template: str, *, is_open: bool, **values: Any) -> Response:
    return render(
        template,
        open_until=open_until() if is_open else None,
        # A person who comes from making a PIN is told here that it was saved.
        flash=take_flash() if is_open else None,
        **values,
    )
