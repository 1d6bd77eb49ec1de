"""Who may ask for a change of whose data, and cancel it (product.md 5)."""

from collections.abc import Iterable

from jkn.models import Account, ChangeRow, Participant, Relationship
from jkn.services.membership.change_values import binds_family

_FOR_EVERYBODY = (Relationship.HEAD, Relationship.HUSBAND, Relationship.WIFE)


def may_ask(
    account: Account, member: Participant, row: ChangeRow, family: Iterable[Participant]
) -> bool:
    """Whether the account may ask for a change of this member's row. `family`: everybody whom the
    account sees. Head and spouse ask for everybody; others for themselves, and for nothing that
    binds the family."""
    own = next((it for it in family if it.id == account.participant_id), None)
    if own is None:
        return False
    if own.relationship in _FOR_EVERYBODY:
        return True
    return own.id == member.id and not binds_family(row)
