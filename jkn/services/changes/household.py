"""A family with all that `who_may` asks about it."""

from collections.abc import Iterable, Iterator
from datetime import date

from sqlalchemy import select

from jkn.database import session
from jkn.gateways.regions import current_code
from jkn.models import Account, Address, ChangeRow, ChangeState, MemberChange, Participant
from jkn.services.changes.who_may import Household
from jkn.services.membership.change_values import NotReadableYet, from_json
from jkn.services.membership.history import pending_for
from jkn.services.membership.member_cards import family_of

# A village is "32.76.05.1004" in the regency "32.76".
_REGENCY = slice(5)


def household_of(account: Account) -> Household:
    """The account's family as it is now; without members for an account without membership. Four
    queries, however large the family is."""
    members = family_of(account)
    pending = pending_for([it.id for it in members])
    return Household(
        members=tuple(members),
        with_account=with_account(members),
        # The next to take effect comes first, and the last one is what has to be waited for.
        pending={(it.participant_id, it.row): it.effective_on for it in pending},
        moved_on=dict(_moves(members)),
    )


def with_account(members: Iterable[Participant]) -> frozenset[int]:
    """The ids of those who have an account of their own. One query."""
    asked = select(Account.participant_id).where(
        Account.participant_id.in_([it.id for it in members])
    )
    return frozenset(it for it in session.scalars(asked) if it is not None)


def _moves(members: list[Participant]) -> Iterator[tuple[int, date]]:
    """When each of them moved to another regency, the last time last."""
    by_id = {it.id: it for it in members}
    changes = select(MemberChange).where(
        MemberChange.participant_id.in_(by_id),
        MemberChange.row == ChangeRow.DOMICILE,
        MemberChange.state == ChangeState.APPLIED,
    )
    in_order = changes.order_by(MemberChange.effective_on, MemberChange.id)
    for change in session.scalars(in_order):
        member = by_id[change.participant_id]
        left, new = (_regency(it, member) for it in (change.value_before, change.value))
        if left and new and left != new:
            yield member.id, change.effective_on


def _regency(stored: str | None, member: Participant) -> str | None:
    """By its code of today; None where a newer release wrote the address."""
    try:
        lived_at = None if stored is None else from_json(ChangeRow.DOMICILE, stored)
    except NotReadableYet:
        return None
    home = lived_at if isinstance(lived_at, Address) else member.family.address
    return current_code(home.village_code)[_REGENCY]
