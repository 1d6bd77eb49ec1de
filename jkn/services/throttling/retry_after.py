"""When something may be tried again, and times as the counters keep them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True)
class RetryAfter:
    """`until`: when the next try will be looked at; None: never, until a recovery. `failures`:
    how many wrong tries led here. `is_first`: nobody was turned away by this wait before."""

    until: datetime | None
    failures: int = 0
    is_first: bool = False


def milliseconds(moment: datetime) -> int:
    """The moment as the counters keep it: the database adds to it."""
    return int(moment.timestamp() * 1000)


def moment(milliseconds: int) -> datetime:
    """Back from `milliseconds`."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def span(duration: timedelta) -> int:
    """A duration in milliseconds."""
    return int(duration.total_seconds() * 1000)
