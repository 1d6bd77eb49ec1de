"""Arithmetic by calendar month, as the rules count: a month is 28 to 31 days."""

from calendar import monthrange
from datetime import date


def add_months(day: date, months: int) -> date:
    """The same day `months` later (or earlier), or that month's last day when it is shorter."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    month += 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def month_start(day: date) -> date:
    """The first day of the month that `day` lies in."""
    return day.replace(day=1)


def months_between(earlier: date, later: date) -> int:
    """How many months `later`'s month lies after `earlier`'s; days do not count."""
    return (later.year - earlier.year) * 12 + later.month - earlier.month
