"""Somebody's way to switching *Login dengan Biometrik* on."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from jkn.database import Base, Id, UtcDateTime, enum_column


class EnrolmentStage(StrEnum):
    """CREATE: terms agreed to and password given; the phone may make its key."""

    CREATE = "create"
    DONE = "done"


class PasskeyEnrolment(Base):
    """Only a digest of the token is kept, which the browser holds that goes this way.
    `terms_hash`: SHA-256 of the text that was agreed to, in hexadecimal."""

    __tablename__ = "passkey_enrolments"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    stage: Mapped[EnrolmentStage] = enum_column(EnrolmentStage)
    terms_version: Mapped[str]
    terms_hash: Mapped[str]
    agreed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
