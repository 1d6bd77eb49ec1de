"""Somebody's way to a new PIN."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from jkn.database import Base, Id, UtcDateTime, enum_column


class PinStage(StrEnum):
    """Where the person is. CODE: the password was right, the code is out;
    PIN: it may be chosen now."""

    CODE = "code"
    PIN = "pin"
    DONE = "done"


class PinChange(Base):
    """Only a digest of the token is kept, which the browser holds that goes this way."""

    __tablename__ = "pin_changes"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    stage: Mapped[PinStage] = enum_column(PinStage)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
