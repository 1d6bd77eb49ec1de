"""A passkey ceremony: a challenge that a phone signs once, within minutes, in one browser or
session, for one purpose."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from jkn.database import Base, Id, UtcDateTime, enum_column


class Ceremony(StrEnum):
    """What the answer is for. UNLOCK: a step-up. CONFIRM: a recent authentication."""

    ENROL = "enrol"
    SIGN_IN = "sign_in"
    UNLOCK = "unlock"
    CONFIRM = "confirm"


class PasskeyCeremony(Base):
    """`holder`: a digest of the browser or session that asked for the challenge. `account_id`: of
    the person who is signed in; None at signing in, where nobody is known yet."""

    __tablename__ = "passkey_ceremonies"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[Ceremony] = enum_column(Ceremony)
    challenge: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    holder: Mapped[bytes] = mapped_column(LargeBinary(32))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
