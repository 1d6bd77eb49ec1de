"""What was true when: a participant's values on a day, past changes, and those that wait.

All of it follows from the participant's own row, which is true today, and the changes: the value on
a day is what the first change after that day replaced.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import aliased

from jkn.database import session
from jkn.models import (
    Account,
    Address,
    ChangeRow,
    ChangeState,
    DropReason,
    MemberChange,
    Participant,
)
from jkn.services.basics.paging import Page, page_of
from jkn.services.membership.change_values import (
    ROWS,
    NotReadableYet,
    SegmentOf,
    Value,
    from_json,
    value_of,
)

_PAST = (ChangeState.APPLIED, ChangeState.CANCELLED, ChangeState.DROPPED)
_NEXT = aliased(MemberChange)

# Both are built once: building takes longer than executing.
_LATER = (
    select(Participant, MemberChange.row, MemberChange.value_before)
    .outerjoin(
        MemberChange,
        and_(
            MemberChange.participant_id == Participant.id,
            MemberChange.state == ChangeState.APPLIED,
            MemberChange.effective_on > bindparam("day"),
        ),
    )
    .where(Participant.id == bindparam("participant_id"))
    # The earliest comes last, and what it replaced held on that day.
    .order_by(MemberChange.effective_on.desc(), MemberChange.id.desc())
)
_CHANGES = select(
    MemberChange.id,
    MemberChange.asked_at.label("happened_at"),
    MemberChange,
    select(func.min(_NEXT.effective_on))
    .where(
        _NEXT.participant_id == MemberChange.participant_id,
        _NEXT.row == MemberChange.row,
        _NEXT.state == ChangeState.APPLIED,
        or_(
            _NEXT.effective_on > MemberChange.effective_on,
            and_(_NEXT.effective_on == MemberChange.effective_on, _NEXT.id > MemberChange.id),
        ),
    )
    .scalar_subquery()
    .label("replaced_on"),
)


@dataclass(frozen=True)
class PastValues:
    """Everything that can change about a participant, as it was on one day. `domicile`: None: the
    address of the family card. Facilities by code."""

    nik: str | None
    name: str
    birth_date: date
    sex: str
    domicile: Address | None
    phone: str | None
    email: str | None
    primary_facility: str | None
    dental_facility: str | None
    care_class: str
    segment: SegmentOf


@dataclass(frozen=True)
class PendingChange:
    """A change that waits for its day. `has_account`: the participant has an account of their own.
    `value`: None also where the row has none from then on; `is_readable`: False where a newer
    release wrote the value."""

    id: int
    participant_id: int
    has_account: bool
    row: ChangeRow
    value: Value
    is_readable: bool
    effective_on: date
    asked_by_id: int | None
    reference: str | None
    asked_at: datetime


@dataclass(frozen=True)
class PastChange:
    """A change that was applied, cancelled or dropped. The new value held from `effective_on`
    through `last_day`; None: it holds still, or never did. A `last_day` before `effective_on`:
    another change of the same day replaced it. `value_before`: None also where it was not applied.
    `is_readable`: False where a newer release wrote the values."""

    id: int
    participant_id: int
    row: ChangeRow
    value: Value
    value_before: Value
    is_readable: bool
    state: ChangeState
    dropped_reason: DropReason | None
    effective_on: date
    last_day: date | None
    asked_by_id: int | None
    reference: str | None
    asked_at: datetime
    ended_at: datetime


def as_of(participant_id: int, day: date) -> PastValues | None:
    """The participant's values on a day, by one query; None: there is no such participant. Before
    the first change that is known, they are the oldest ones known."""
    asked = {"participant_id": participant_id, "day": day}
    found = session.execute(_LATER, asked).all()
    if not found:
        return None
    participant = found[0][0]
    values: dict[str, Any] = {row.value: value_of(participant, row) for row in ROWS}
    for _, row, value_before in found:
        if value_before is not None:
            try:
                values[row.value] = from_json(row, value_before)
            except NotReadableYet:
                continue
    return PastValues(**values)


def pending_for(participant_ids: Collection[int]) -> list[PendingChange]:
    """The changes that wait for their day, of all these participants, by one query: the next to
    take effect first."""
    has_account = exists().where(Account.participant_id == MemberChange.participant_id)
    waiting = (
        select(MemberChange, has_account)
        .where(
            MemberChange.participant_id.in_(participant_ids),
            MemberChange.state == ChangeState.PENDING,
        )
        .order_by(MemberChange.effective_on, MemberChange.id)
    )
    return [_pending(*it) for it in session.execute(waiting)]


def history_of(participant_ids: Collection[int], before: int | None = None) -> Page[PastChange]:
    """The past changes of these participants, those asked for last first: the newest, or those that
    are older than the one with the id `before`."""
    past = _CHANGES.where(
        MemberChange.participant_id.in_(participant_ids), MemberChange.state.in_(_PAST)
    )
    return page_of(past, MemberChange.id, before, _past)


def _pending(change: MemberChange, has_account: bool) -> PendingChange:
    value, is_readable = _readable(change.row, change.value)
    return PendingChange(
        id=change.id,
        participant_id=change.participant_id,
        has_account=has_account,
        row=change.row,
        value=value,
        is_readable=is_readable,
        effective_on=change.effective_on,
        asked_by_id=change.asked_by_id,
        reference=change.reference,
        asked_at=change.asked_at,
    )


def _past(row: Row[*tuple[Any, ...]]) -> PastChange:
    change: MemberChange = row.MemberChange
    value, is_readable = _readable(change.row, change.value)
    value_before, was_readable = _readable(change.row, change.value_before)
    last_day = None
    if change.state is ChangeState.APPLIED and row.replaced_on is not None:
        last_day = row.replaced_on - timedelta(days=1)
    return PastChange(
        id=change.id,
        participant_id=change.participant_id,
        row=change.row,
        value=value,
        value_before=value_before,
        is_readable=is_readable and was_readable,
        state=change.state,
        dropped_reason=change.dropped_reason,
        effective_on=change.effective_on,
        last_day=last_day,
        asked_by_id=change.asked_by_id,
        reference=change.reference,
        asked_at=change.asked_at,
        ended_at=change.ended_at or change.asked_at,
    )


def _readable(row: ChangeRow, stored: str | None) -> tuple[Value, bool]:
    """The stored value, and whether this release can read it; None where it cannot."""
    try:
        return (None if stored is None else from_json(row, stored)), True
    except NotReadableYet:
        return None, False
