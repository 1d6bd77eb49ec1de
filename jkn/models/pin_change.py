"""The journey to a new PIN."""

from enum import StrEnum

from sqlalchemy.orm import Mapped

from jkn.database import enum_column
from jkn.models.journey import Journey


class PinStage(StrEnum):
    """Where the person is. CODE: the password was right, and the code was sent. PIN: the new PIN
    may be chosen."""

    CODE = "code"
    PIN = "pin"
    DONE = "done"


class PinWay(StrEnum):
    """How somebody came to it. FIRST: they had no PIN. CHANGED: they knew the one that they had.
    FORGOTTEN: they did not, or it was closed."""

    FIRST = "first"
    CHANGED = "changed"
    FORGOTTEN = "forgotten"


class PinChange(Journey):
    """The journey of a person who is signed in. `way`: None where an older release began it."""

    __tablename__ = "pin_changes"

    STAGES = PinStage

    way: Mapped[PinWay | None] = enum_column(PinWay, nullable=True)
