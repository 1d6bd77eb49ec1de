"""Changes as the pages of Info Peserta show them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from jkn.models import ChangeRow, ChangeState, DropReason
from jkn.services.changes.participant_info import Waiting
from jkn.services.membership.change_values import Value
from jkn.services.membership.history import PastChange
from jkn.web.change_values import Known, Sight, title_of, value_words

# Of a value that a newer release wrote.
_UNREADABLE = "Belum bisa ditampilkan"


@dataclass(frozen=True)
class ChangeView:
    """`before` and `after`: in words; the latter is what is or was asked for. `ended_at`: None
    while it waits. `last_day`: the last day of the new value; None: it holds still, or never
    did. `is_own` and `is_of_all`: see `Waiting`."""

    id: int
    title: str
    before: str
    after: str
    effective_on: date
    state: ChangeState
    reference: str | None
    happened_at: datetime
    ended_at: datetime | None = None
    last_day: date | None = None
    dropped_reason: DropReason | None = None
    is_own: bool = False
    is_of_all: bool = False


def waiting_view(known: Waiting, names: Mapping[str, str], sight: Sight) -> ChangeView:
    """A change that waits for its day."""
    change = known.change
    before, after = _words(
        change.row, known.value_before, change.value, change.effective_on, names, sight
    )
    return ChangeView(
        id=change.id,
        title=title_of(change.row),
        before=before,
        after=after if change.is_readable else _UNREADABLE,
        effective_on=change.effective_on,
        state=ChangeState.PENDING,
        reference=change.reference,
        happened_at=change.asked_at,
        is_own=known.is_own,
        is_of_all=known.is_of_all,
    )


def past_view(change: PastChange, names: Mapping[str, str], sight: Sight) -> ChangeView:
    """A change that was applied, cancelled or dropped."""
    before, after = _words(
        change.row, change.value_before, change.value, change.effective_on, names, sight
    )
    has_before = change.state is ChangeState.APPLIED
    return ChangeView(
        id=change.id,
        title=title_of(change.row),
        before=before if change.is_readable and has_before else "",
        after=after if change.is_readable else _UNREADABLE,
        effective_on=change.effective_on,
        state=change.state,
        reference=change.reference,
        happened_at=change.asked_at,
        ended_at=change.ended_at,
        last_day=change.last_day,
        dropped_reason=change.dropped_reason,
    )


def _words(
    row: ChangeRow, before: Value, after: Value, day: date, names: Mapping[str, str], sight: Sight
) -> tuple[str, str]:
    # A class may be replaced on the very day of the change.
    eve = Known(day - timedelta(days=1), names, sight)
    return value_words(row, before, eve), value_words(row, after, Known(day, names, sight))
