"""The link by which somebody of the family says whether a new account is their relative's."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from jkn.database import Base, Id, UtcDateTime


class FamilyLink(Base):
    """Only a digest of the link's token is kept. `account_id`: the account that waits.
    `participant_id`: who of the family was asked. `used_at`: None until they answered."""

    __tablename__ = "family_links"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"))
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
