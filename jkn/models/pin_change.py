"""The journey to a new PIN."""

from enum import StrEnum

from jkn.models.journey import Journey


class PinStage(StrEnum):
    """Where the person is. CODE: the password was right, and the code was sent. PIN: the new PIN
    may be chosen."""

    CODE = "code"
    PIN = "pin"
    DONE = "done"


class PinChange(Journey):
    """The journey of a person who is signed in."""

    __tablename__ = "pin_changes"

    STAGES = PinStage
