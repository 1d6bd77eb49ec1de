"""A family with all that `who_may` asks about it."""

from sqlalchemy import select

from jkn.database import session
from jkn.models import Account, Participant
from jkn.services.changes.who_may import Household
from jkn.services.membership.member_cards import family_of


def household_of(account: Account) -> Household:
    """The account's family as it is now; without members for an account without membership. Two
    queries, however large the family is."""
    members = family_of(account)
    return Household(members=tuple(members), with_account=_with_account(members))


def _with_account(members: list[Participant]) -> frozenset[int]:
    asked = select(Account.participant_id).where(
        Account.participant_id.in_([it.id for it in members])
    )
    return frozenset(it for it in session.scalars(asked) if it is not None)
