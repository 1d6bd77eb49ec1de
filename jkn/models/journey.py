"""A journey: several steps on the way to one thing. Its state is a row, and the row's stage is the
only judge of where somebody is (security.md R62)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from jkn.database import Base, Id, UtcDateTime, enum_column


class Journey(Base):
    """What every journey inherits. To be one is all it takes to be found by its token, to be ended
    with the account's other journeys, and to be purged.

    Of the token, which the browser holds, only a digest is kept. `account_id`: whose it is, None
    where nobody known is meant. `expires_at`: from then on it leads no further.
    """

    __abstract__ = True

    # Every journey there is, in the order in which they are made known.
    kinds: ClassVar[list[type["Journey"]]] = []

    # Its stages, in the order in which they are reached.
    STAGES: ClassVar[type[StrEnum]]
    # How long a row lives: longer than a session without use, so that who had to sign in again goes
    # on at the same step.
    LIFE: ClassVar[timedelta] = timedelta(hours=1)
    # Whether it belongs to somebody signed in, who alone finds it.
    OF_ACCOUNT: ClassVar[bool] = True
    # Where it has come to its end: from then on only time removes the row, and a step that is sent
    # again is told what became of the first.
    # At the stage DONE, unless it says more.
    ENDS: ClassVar[frozenset[StrEnum]]
    # For how long after its time a row still explains where somebody went.
    KEPT: ClassVar[timedelta] = timedelta()
    # The stage that time makes of any other; it is never stored. None: whoever is late begins anew.
    EXPIRED: ClassVar[StrEnum | None] = None
    # What is forgotten once it has come to its end.
    FORGOTTEN: ClassVar[Mapping[str, None]] = {}

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

    @declared_attr
    @classmethod
    def account_id(cls) -> Mapped[Any]:
        return mapped_column(ForeignKey("accounts.id"), index=True, nullable=not cls.OF_ACCOUNT)

    @declared_attr
    @classmethod
    def stage(cls) -> Mapped[Any]:
        column: Mapped[Any] = enum_column(cls.STAGES)
        return column

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if "ENDS" not in vars(cls):
            cls.ENDS = frozenset({cls.STAGES["DONE"]})
        Journey.kinds.append(cls)

    @property
    def is_at_its_end(self) -> bool:
        """Whether nothing is left to be done."""
        return self.stage in self.ENDS

    @property
    def flow(self) -> str:
        """What a one-time code is bound to, until the token is rotated. Not the id: where a row is
        deleted, SQLite gives its id to the next one."""
        return self.token_digest.hex()
