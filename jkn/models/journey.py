"""A journey: several steps on the way to one thing. Its state is a row, and the row's stage alone
decides where somebody is (security.md R62)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from jkn.database import Base, Id, UtcDateTime, enum_column
from jkn.models.rotating_token import RotatingToken


class Journey(RotatingToken, Base):
    """What every journey inherits. A subclass needs nothing more to be found by its token, ended
    with the account's other journeys, and deleted when its time is over.

    The browser holds the token; only a digest of it is kept. `account_id`: whose journey it is;
    None where no known account is meant. `expires_at`: when the journey can no longer go on.
    """

    __abstract__ = True

    # Every kind of journey, in the order in which they are imported.
    kinds: ClassVar[list[type["Journey"]]] = []

    # The kind's stages, in the order in which they are reached.
    STAGES: ClassVar[type[StrEnum]]
    # How long a row lives: longer than an unused session, so that a person who had to sign in again
    # can go on at the same step.
    LIFE: ClassVar[timedelta] = timedelta(hours=1)
    # Whether it belongs to a signed-in account, which alone can find it.
    OF_ACCOUNT: ClassVar[bool] = True
    # The stages at which it has ended; DONE alone, unless the kind names others. Then the row stays
    # until its time is over, so that a step that is sent twice can be told how the first one ended.
    ENDS: ClassVar[frozenset[StrEnum]]
    # How long a row is kept after its time, to tell somebody who comes back what became of it.
    KEPT: ClassVar[timedelta] = timedelta()
    # The stage that is shown after its time; it is never stored. None: the person begins anew.
    EXPIRED: ClassVar[StrEnum | None] = None
    # The columns that are wiped when it ends.
    FORGOTTEN: ClassVar[Mapping[str, None]] = {}

    id: Mapped[int] = mapped_column(Id, primary_key=True)
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
        """Whether the journey has ended, at whichever of its ends."""
        return self.stage in self.ENDS

    @property
    def flow(self) -> str:
        """What a one-time code is bound to, until the token is rotated. It is not the id, because
        SQLite gives the id of a deleted row to a new one."""
        return self.token_digest.hex()
