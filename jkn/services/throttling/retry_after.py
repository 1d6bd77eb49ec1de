"""When the next attempt will be looked at, and times as the counters keep them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True)
class RetryAfter:
    """`until`: when the next attempt will be looked at; None: never, unless a recovery or a new PIN
    resets the counter. `failures`: how many attempts had failed; 0 for a rate limit. `is_first`:
    this is the first attempt that the wait turned away."""

    until: datetime | None
    failures: int = 0
    is_first: bool = False


def milliseconds(moment: datetime) -> int:
    """A moment as milliseconds since 1970: the database can add to a number."""
    return int(moment.timestamp() * 1000)


def moment(milliseconds: int) -> datetime:
    """The aware UTC moment of these milliseconds since 1970."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def span(duration: timedelta) -> int:
    """A duration in milliseconds."""
    return int(duration.total_seconds() * 1000)
