"""The frozen time of tests, which stands still until a test moves it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import time_machine

# A Sunday morning in Jakarta; the contribution for May is not due yet.
BEGINNING = datetime(2026, 5, 3, 9, 30, tzinfo=ZoneInfo("Asia/Jakarta"))


class Clock:
    """Moves the frozen time."""

    def __init__(self, traveller: time_machine.Traveller) -> None:
        self._traveller = traveller

    def advance(self, **duration: float) -> None:
        """Let time pass: `clock.advance(minutes=31)`."""
        self._traveller.shift(timedelta(**duration))

    def set(self, moment: datetime) -> None:
        """Go to an aware moment."""
        if moment.tzinfo is None:
            raise ValueError("naive time")
        self._traveller.move_to(moment)
