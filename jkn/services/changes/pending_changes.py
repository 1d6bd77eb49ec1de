"""Changes with an effective day: scheduled by the flows that ask for them, applied by the worker
when the day has come in Jakarta, and cancelled by the family until then.

Each is applied once, however many workers there are: the statement that ends it decides. Changes of
one row of a participant are applied in the order of their days, also after weeks without a worker.
Every command locks the participant first, then changes, against deadlocks.
"""

from collections.abc import Collection
from datetime import date
from enum import Enum

import structlog
from sqlalchemy import ColumnElement, and_, bindparam, exists, or_, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import aliased

from jkn.database import is_unavailable, lock_row, session, transactional
from jkn.models import Account, ChangeRow, ChangeState, Family, MemberChange, Participant
from jkn.services.audit.audit_log import Client
from jkn.services.basics import clock
from jkn.services.basics.paging import as_id
from jkn.services.changes import change_news
from jkn.services.changes.household import with_account
from jkn.services.changes.obstacles import obstacle_to
from jkn.services.changes.who_may import Household, may_ask
from jkn.services.membership.change_values import (
    ROWS,
    Value,
    binds_family,
    from_json,
    to_json,
    value_of,
)
from jkn.services.membership.member_cards import family_of

# What an account holds a copy of. Its phone and e-mail are no copies: codes go there, so the flow
# that changes them does more than write them.
_COPIED_TO_ACCOUNT = (ChangeRow.NIK, ChangeRow.NAME, ChangeRow.BIRTH_DATE)

_EARLIER = aliased(MemberChange)

# Built once: building takes longer than executing.
_NEXT_DUE = (
    select(MemberChange, Participant)
    .join(Participant, Participant.id == MemberChange.participant_id)
    .where(
        MemberChange.state == ChangeState.PENDING,
        MemberChange.effective_on <= bindparam("today"),
        MemberChange.id.not_in(bindparam("but_not", expanding=True)),
        # Rows of a newer release are left to its own workers.
        MemberChange.row.in_(list(ChangeRow)),
        # What was to come before it in this row, has.
        ~exists().where(
            _EARLIER.participant_id == MemberChange.participant_id,
            _EARLIER.row == MemberChange.row,
            _EARLIER.state == ChangeState.PENDING,
            or_(
                _EARLIER.effective_on < MemberChange.effective_on,
                and_(
                    _EARLIER.effective_on == MemberChange.effective_on,
                    _EARLIER.id < MemberChange.id,
                ),
            ),
        ),
    )
    .order_by(MemberChange.effective_on, MemberChange.id)
    .limit(1)
    # Keeps workers from queueing for one participant. Who ends the change is decided later.
    .with_for_update(of=Participant, skip_locked=True, key_share=True)
    .execution_options(populate_existing=True)
)

_log = structlog.get_logger(__name__)


class Cancellation(Enum):
    """UNKNOWN: there is no such change that this account may cancel. TOO_LATE: its day has come, or
    it has ended already."""

    CANCELLED = "cancelled"
    UNKNOWN = "unknown"
    TOO_LATE = "too_late"


class _Broken(Exception):
    """An unforeseen fault in one change, which must not stop the others."""

    def __init__(self, change_id: int) -> None:
        super().__init__(change_id)
        self.change_id = change_id


def schedule(
    participant_id: int,
    row: ChangeRow,
    value: Value,
    effective_on: date,
    *,
    asked_by_id: int | None,
    reference: str | None,
) -> MemberChange:
    """Note a change in the transaction under way, and return it. On its day the worker applies it;
    where that is today, it is applied at once and its state tells what became of it. The caller has
    judged whether it may be asked for, and locks no change before the call.

    `asked_by_id`: the account that asked; None: the operator or the law. `reference`: the number
    that was told to who asked; None where nobody asked. Raises ValueError for a day before today,
    since nobody knew the value then, TypeError for a value that the row does not take, and
    LookupError for a participant who does not exist.
    """
    today = clock.today()
    if effective_on < today:
        raise ValueError("a change takes effect today at the earliest")
    participant = lock_row(Participant, participant_id)
    if participant is None:
        raise LookupError("there is no such participant")
    change = MemberChange(
        participant_id=participant_id,
        row=row,
        value=to_json(row, value),
        effective_on=effective_on,
        state=ChangeState.PENDING,
        asked_by_id=asked_by_id,
        reference=reference,
        asked_at=clock.now(),
    )
    session.add(change)
    session.flush()
    if effective_on == today:
        # Those of earlier days that no worker came to go first, or the order would be lost.
        for due in _due_of(participant_id, row, today):
            _end(due, participant, today)
    return change


def apply_due(most: int = 2_000) -> int:
    """Apply or drop the changes whose day has come, each in a transaction of its own, until none is
    left or `most` were ended; returns how many. One that meets an unforeseen fault is left for the
    next call, and so are later changes of its row."""
    today, broken, ended = clock.today(), set[int](), 0
    while ended < most:
        try:
            is_mine = _end_next(today, broken)
        except _Broken as fault:
            broken.add(fault.change_id)
            # Not the cause's own words: they may be personal.
            error = type(fault.__cause__).__name__
            _log.error("change_broke", change=fault.change_id, error=error)
            continue
        if is_mine is None:
            break
        ended += is_mine
    return ended


@transactional
def cancel(account: Account, change_id: int, client: Client) -> Cancellation:
    """Cancel a change of somebody in the account's family before its day has come, and tell the
    member. One of a row that binds the family is cancelled for everybody whom it concerns."""
    family = {it.id: it for it in family_of(account)}
    found = session.scalars(
        select(MemberChange).where(
            MemberChange.id == as_id(change_id), MemberChange.participant_id.in_(family)
        )
    ).one_or_none()
    if found is None:
        return Cancellation.UNKNOWN
    member = family[found.participant_id]
    household = Household(tuple(family.values()), with_account(family.values()))
    if not may_ask(account, member, household, found.row, clock.today()):
        return Cancellation.UNKNOWN
    # Two who cancel the same for the whole family would otherwise wait for each other.
    lock_row(Family, member.family_id)
    is_meant = MemberChange.id == found.id
    if binds_family(found.row):
        is_meant = and_(
            MemberChange.participant_id.in_(family),
            MemberChange.row == found.row,
            MemberChange.effective_on == found.effective_on,
        )
    cancelled = session.scalars(
        update(MemberChange)
        .where(is_meant, _is_pending(), MemberChange.effective_on > clock.today())
        .values(state=ChangeState.CANCELLED, ended_at=clock.now())
        .returning(MemberChange)
        .execution_options(populate_existing=True)
    ).all()
    if found.id not in {it.id for it in cancelled}:
        session.rollback()
        return Cancellation.TOO_LATE
    change_news.tell_cancelled(
        [(it, family[it.participant_id]) for it in cancelled], account, client
    )
    return Cancellation.CANCELLED


@transactional
def _end_next(today: date, but_not: Collection[int]) -> bool | None:
    """Apply or drop the change that has been due for longest. False: another worker was faster;
    None: there is none that nobody else has."""
    due = session.execute(_NEXT_DUE, {"today": today, "but_not": list(but_not)}).first()
    if due is None:
        return None
    change, participant = due
    change_id = change.id
    try:
        return _end(change, participant, today)
    except Exception as fault:
        if isinstance(fault, DBAPIError) and is_unavailable(fault):
            raise
        raise _Broken(change_id) from fault


def _end(change: MemberChange, participant: Participant, today: date) -> bool:
    """Apply or drop a change of a locked participant, and tell people, in the transaction under
    way. False: it is not pending any more."""
    row, effective_on = change.row, change.effective_on
    value = from_json(row, change.value)
    obstacle = obstacle_to(participant, row, value, effective_on)
    is_applied = obstacle is None
    before = to_json(row, value_of(participant, row)) if is_applied else None
    ended = session.execute(
        update(MemberChange)
        .where(MemberChange.id == change.id, _is_due(today))
        .values(
            state=ChangeState.APPLIED if is_applied else ChangeState.DROPPED,
            dropped_reason=obstacle,
            value_before=before,
            ended_at=clock.now(),
        )
        .returning(MemberChange)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if ended is None:
        return False
    if is_applied:
        _write(participant, row, value, effective_on)
    change_news.tell_ended(change, participant)
    return True


def _write(participant: Participant, row: ChangeRow, value: Value, effective_on: date) -> None:
    ROWS[row].write(participant, value, effective_on)
    if row in _COPIED_TO_ACCOUNT and value is not None:
        own = select(Account).where(Account.participant_id == participant.id)
        account = session.scalars(own).one_or_none()
        if account is not None:
            setattr(account, row.value, value)
    session.flush()
    # Read anew, where somebody has read it before.
    session.expire(participant, ["primary_facility"])


def _due_of(participant_id: int, row: ChangeRow, today: date) -> list[MemberChange]:
    due = select(MemberChange).where(
        MemberChange.participant_id == participant_id, MemberChange.row == row, _is_due(today)
    )
    return list(session.scalars(due.order_by(MemberChange.effective_on, MemberChange.id)))


def _is_pending() -> ColumnElement[bool]:
    return MemberChange.state == ChangeState.PENDING


def _is_due(today: date) -> ColumnElement[bool]:
    return and_(_is_pending(), MemberChange.effective_on <= today)
