"""A browser from which somebody has signed in to an account before."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from jkn.database import Base, Id, UtcDateTime


class KnownDevice(Base):
    """Gives no rights. It only lets its owner try a password when others at the same source have
    spent that source's rate limit. Only a digest of the cookie's token is kept."""

    __tablename__ = "known_devices"

    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    account_id: Mapped[int] = mapped_column(
        Id, ForeignKey("accounts.id"), primary_key=True, index=True
    )
    last_sign_in_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
