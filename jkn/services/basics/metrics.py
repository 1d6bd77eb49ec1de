"""Metrics: how often something happened. The services count it; the collector, which a layer above
provides, keeps the figures.

Labels are words from this code only, so that no figure names a person.
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
    """What keeps the figures, where a collector was provided. None: nothing does."""
    return None


def count(what: MetricName, *labels: str) -> None:
    """Count it once; within a transaction, only when that is committed."""
    if (keeper := collector()) is not None:
        when_committed(partial(keeper, what, labels))
