"""Who is told of a change that took effect, was cancelled or was dropped: the member, whoever asked
for it, and where the member has no account, the head of the family.

The names of others are told within the family only, and to no account that waits to be confirmed.
"""

from sqlalchemy import case, select

from jkn.database import session
from jkn.models import Account, ChangeState, EventKind, MemberChange, Participant, Relationship
from jkn.services.audit import audit_log
from jkn.services.audit.audit_log import BY_ITSELF, Client
from jkn.services.membership.change_values import binds_family, label_of
from jkn.services.messaging import notifications
from jkn.services.messaging.event_catalogue import news_of
from jkn.services.messaging.notifications import Fact

_HEADS = (Relationship.HEAD, Relationship.HUSBAND, Relationship.WIFE)
_CANCELLED = "change_cancelled"


def tell_ended(change: MemberChange, participant: Participant) -> None:
    """Tell that a change was applied or dropped by itself, in the transaction under way."""
    is_applied = change.state is ChangeState.APPLIED
    kind = EventKind.CHANGE_APPLIED if is_applied else EventKind.CHANGE_DROPPED
    for account in _told(change, participant):
        facts = _facts(change, participant, account)
        audit_log.log(kind, BY_ITSELF, account_id=account.id, facts=facts)


def tell_cancelled(
    changes: list[tuple[MemberChange, Participant]], by: Account, client: Client
) -> None:
    """Log that `by` cancelled these changes, which are of one row, and tell the others."""
    own = [it for it in changes if it[1].id == by.participant_id]
    change, participant = (own or changes)[0]
    audit_log.log(
        EventKind.CHANGE_CANCELLED,
        client,
        account_id=by.id,
        facts=_facts(change, participant, by),
    )
    for change, participant in changes:
        for account in _told(change, participant):
            if account.id != by.id:
                facts = _facts(change, participant, account)
                notifications.add(account.id, news_of(_CANCELLED).topic, **facts)


def _facts(change: MemberChange, participant: Participant, account: Account) -> dict[str, Fact]:
    is_own = participant.id == account.participant_id
    return {"what": label_of(change.row), "whose": None if is_own else participant.name}


def _told(change: MemberChange, participant: Participant) -> list[Account]:
    """Accounts of the family, the member's own first."""
    heads_first = case((Participant.relationship == Relationship.HEAD, 0), else_=1)
    found = list(
        session.scalars(
            select(Account)
            .join(Account.participant)
            .where(Participant.family_id == participant.family_id)
            .order_by(heads_first, Account.id)
        )
    )
    own = [it for it in found if it.participant_id == participant.id]
    if binds_family(change.row):
        # The others are told of their own change of that row.
        return own
    others = [
        it for it in found if it.participant_id != participant.id and it.unconfirmed_since is None
    ]
    asked = [it for it in others if it.id == change.asked_by_id]
    if own or asked:
        return own + asked
    return [it for it in others if it.participant and it.participant.relationship in _HEADS][:1]
