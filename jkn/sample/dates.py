"""Dates of the sample world: written once, true on whatever day the world is loaded.

    2019-04-27          a fixed day
    today               the day of loading
    -9y  -14m  -20d     so long before it (calendar years and months)
    -21y+20d            steps add up: 20 days short of the 21st birthday
    month-start         the first day of this month
    month-end-1m        the last day of last month
    month-start-14m     the first day of the month 14 months ago

Years and months come first, then the start or end of that month, then days, in whatever
order they are written. A day that a month lacks becomes its last (31 March -1m is
28 or 29 February).
"""

import re
from datetime import date, timedelta

from jkn.services.basics.calendar_months import add_months, month_start

_STEP = re.compile(r"([+-][0-9]+)([ymd])")
_RELATIVE = re.compile(r"(today|month-start|month-end)?((?:[+-][0-9]+[ymd])*)")


def resolve(text: str, today: date) -> date:
    """The date that `text` means on this day. Raises ValueError for anything else."""
    relative = _RELATIVE.fullmatch(text)
    if not text or relative is None:
        return date.fromisoformat(text)
    steps = {"y": 0, "m": 0, "d": 0}
    for amount, unit in _STEP.findall(relative[2]):
        steps[unit] += int(amount)
    day = add_months(today, 12 * steps["y"] + steps["m"])
    if relative[1] == "month-start":
        day = month_start(day)
    elif relative[1] == "month-end":
        day = add_months(month_start(day), 1) - timedelta(days=1)
    return day + timedelta(days=steps["d"])
