"""Lists of events, grouped by the day in Jakarta on which they happened."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Generic, Protocol, TypeVar

from jkn.services.basics import clock
from jkn.services.basics.paging import Page
from jkn.services.basics.wording import day_name


class Happened(Protocol):
    """Anything that has the time at which it happened."""

    @property
    def happened_at(self) -> datetime:
        """An aware time."""


Item = TypeVar("Item", bound=Happened)


@dataclass(frozen=True)
class Day(Generic[Item]):
    """What happened on one day in Jakarta. `goes_on`: the page before this one has items of the
    same day, so a heading for it is there already."""

    day: date
    heading: str
    items: list[Item]
    goes_on: bool


def by_day(seen: Page[Item]) -> list[Day[Item]]:
    """The items of a page, grouped by day, in their order."""
    return list(_days(seen))


def _days(seen: Page[Item]) -> Iterator[Day[Item]]:
    last = _day_of(seen.follows_on) if seen.follows_on else None
    for day, items in groupby(seen.items, lambda item: _day_of(item.happened_at)):
        yield Day(day, day_name(day), list(items), goes_on=day == last)


def _day_of(moment: datetime) -> date:
    return moment.astimezone(clock.JAKARTA).date()
