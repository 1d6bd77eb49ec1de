"""What happens how often: the rules say it, somebody above keeps the figures.

Only words of ours may be said: no figure names a person.
"""

from collections.abc import Callable
from enum import StrEnum
from functools import partial

from jkn.database import when_committed


class MetricName(StrEnum):
    """SIGN_INS, LOOK_UPS and REGISTRATIONS by result; CODES by purpose and result."""

    SIGN_INS = "sign_ins"
    CODES = "codes"
    LOOK_UPS = "look_ups"
    REGISTRATIONS = "registrations"


Collector = Callable[[MetricName, tuple[str, ...]], object]
_keeper: Collector | None = None


def collect_with(keeper: Collector | None) -> None:
    """Bind who keeps the figures; None: nobody does."""
    global _keeper
    _keeper = keeper


def count(what: MetricName, *labels: str) -> None:
    """It happened once; within a transaction, if that is committed."""
    if _keeper is not None:
        when_committed(partial(_keeper, what, labels))
