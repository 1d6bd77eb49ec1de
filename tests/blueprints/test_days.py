"""The days of a list of what happened, by the calendar of Jakarta."""

from dataclasses import dataclass
from datetime import date, datetime

from jkn.services.basics.clock import JAKARTA
from jkn.services.basics.paging import Page
from jkn.services.basics.wording import day_and_time, day_name
from jkn.web.days import by_day
from tests.support.world.clock import Clock


@dataclass(frozen=True)
class Thing:
    happened_at: datetime


def at(day: int, hour: int) -> Thing:
    return Thing(datetime(2026, 5, day, hour, 0, tzinfo=JAKARTA))


def test_a_day_knows_its_name(clock: Clock) -> None:
    assert day_name(date(2026, 5, 3)) == "Hari ini"
    assert day_name(date(2026, 5, 2)) == "Kemarin"
    assert day_name(date(2025, 5, 3)) == "3 Mei 2025"


def test_what_goes_on_is_the_day_of_the_item_before() -> None:
    things = [at(2, 23), at(2, 1), at(1, 23)]
    for follows_on, goes_on in ((None, False), (at(3, 0), False), (at(2, 23), True)):
        seen = Page(things, follows_on and follows_on.happened_at, None)
        days = by_day(seen)
        assert [len(it.items) for it in days] == [2, 1]
        assert [it.goes_on for it in days] == [goes_on, False]


def test_no_items_are_no_days() -> None:
    assert by_day(Page([], None, None)) == []


def test_a_time_of_yesterday_is_said_as_people_say_it(clock: Clock) -> None:
    clock.set(datetime(2026, 5, 3, 0, 10, tzinfo=JAKARTA))
    assert day_and_time(datetime(2026, 5, 3, 0, 5, tzinfo=JAKARTA)) == "Hari ini 00.05 WIB"
    assert day_and_time(datetime(2026, 5, 2, 20, 19, tzinfo=JAKARTA)) == "Kemarin 20.19 WIB"
    assert day_and_time(datetime(2026, 5, 1, 20, 19, tzinfo=JAKARTA)) == "1 Mei 2026, 20.19 WIB"
