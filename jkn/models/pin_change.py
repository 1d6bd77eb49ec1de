"""Somebody's way to a new PIN."""

from enum import StrEnum

from jkn.models.journey import Journey


class PinStage(StrEnum):
    """Where the person is. CODE: the password was right, the code is out;
    PIN: it may be chosen now."""

    CODE = "code"
    PIN = "pin"
    DONE = "done"


class PinChange(Journey):
    """Of somebody signed in."""

    __tablename__ = "pin_changes"

    STAGES = PinStage
