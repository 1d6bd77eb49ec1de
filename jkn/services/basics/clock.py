"""What time it is: aware UTC to store, Jakarta's calendar for rules and greetings."""

from datetime import UTC, date, datetime
from math import ceil
from zoneinfo import ZoneInfo

JAKARTA = ZoneInfo("Asia/Jakarta")


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def seconds_until(moment: datetime) -> int:
    """Whole seconds until the moment, rounded up, so that it has passed when they have; 0 when it
    has passed already."""
    return max(0, ceil((moment - now()).total_seconds()))


def today() -> date:
    """The day it is in Jakarta (WIB), by which the rules count."""
    return now().astimezone(JAKARTA).date()
