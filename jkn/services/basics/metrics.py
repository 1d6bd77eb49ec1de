"""What happens how often: the rules say it, somebody above keeps the figures.

Only words of ours may be said: no figure names a person.
"""

from collections.abc import Callable
from enum import StrEnum
from functools import partial

from jkn.database import when_committed
from jkn.services.basics.runtime import part
from jkn.settings import Settings


class MetricName(StrEnum):
    """SIGN_INS, LOOK_UPS and REGISTRATIONS by result; CODES by purpose and result."""

    SIGN_INS = "sign_ins"
    CODES = "codes"
    LOOK_UPS = "look_ups"
    REGISTRATIONS = "registrations"


Collector = Callable[[MetricName, tuple[str, ...]], object]


@part
def collector(_settings: Settings) -> Collector | None:
    """Who keeps the figures: whoever was provided. None: nobody does."""
    return None


def count(what: MetricName, *labels: str) -> None:
    """It happened once; within a transaction, if that is committed."""
    if (keeper := collector()) is not None:
        when_committed(partial(keeper, what, labels))
