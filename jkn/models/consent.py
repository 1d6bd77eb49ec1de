"""What somebody agreed to, kept as proof (UU 27/2022 art. 22, 24)."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from jkn.database import Base, Id, UtcDateTime, enum_column


class ConsentPurpose(StrEnum):
    """What personal data may be used for. Each consent is asked for separately."""

    ACCOUNT = "account"
    BIOMETRICS = "biometrics"


class Consent(Base):
    """`text_hash`: SHA-256 of the text that was shown, in hexadecimal."""

    __tablename__ = "consents"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    purpose: Mapped[ConsentPurpose] = enum_column(ConsentPurpose)
    version: Mapped[str]
    text_hash: Mapped[str]
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
