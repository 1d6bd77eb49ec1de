"""Scheduling changes of participants' data, and looking what became of them, by the services."""

from datetime import date, datetime, time, tzinfo

from sqlalchemy import select

from jkn.database import session, transaction
from jkn.models import Account, ChangeRow, ChangeState, MemberChange, Participant
from jkn.services.basics import clock
from jkn.services.basics.clock import JAKARTA
from jkn.services.changes.pending_changes import schedule
from jkn.services.membership.change_values import Value, to_json
from jkn.services.messaging import notifications

REFERENCE = "UD-2605-00123"


def scheduled(
    participant_id: int,
    row: ChangeRow,
    value: Value,
    effective_on: date,
    asked_by: Account | None = None,
) -> int:
    """The id of the change, scheduled in a transaction of its own."""
    with transaction():
        change = schedule(
            participant_id,
            row,
            value,
            effective_on,
            asked_by_id=None if asked_by is None else asked_by.id,
            reference=None if asked_by is None else REFERENCE,
        )
    return change.id


def waiting_since(participant_id: int, row: ChangeRow, value: Value, effective_on: date) -> int:
    """The id of a change whose day has passed, because no worker came."""
    change = MemberChange(
        participant_id=participant_id,
        row=row,
        value=to_json(row, value),
        effective_on=effective_on,
        state=ChangeState.PENDING,
        asked_at=clock.now(),
    )
    with transaction():
        session.add(change)
    return change.id


def change_now(change_id: int) -> MemberChange:
    """The change as it is stored."""
    session.rollback()
    session.expire_all()
    return session.get_one(MemberChange, change_id)


def participant_now(participant_id: int) -> Participant:
    """The participant as they are stored."""
    session.rollback()
    session.expire_all()
    return session.get_one(Participant, participant_id)


def states(participant_id: int) -> list[ChangeState]:
    """What became of each change of this participant, in the order in which they were asked for."""
    session.rollback()
    of_this = select(MemberChange.state).where(MemberChange.participant_id == participant_id)
    return list(session.scalars(of_this.order_by(MemberChange.id)))


def told(account: Account) -> list[str]:
    """The texts of all notifications, oldest first."""
    session.rollback()
    return [it.text for it in notifications.page(account).items][::-1]


def midnight(day: date, zone: tzinfo = JAKARTA) -> datetime:
    """The first moment of a day, in Jakarta unless another zone is given."""
    return datetime.combine(day, time(), zone)
