"""The browser where a passkey was enrolled or used, by which *HP ini* is recognised."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from jkn.database import Base, Id, UtcDateTime


class PasskeyDevice(Base):
    """One row for a browser and an account; it gives no rights. A passkey may be copied between
    phones, so several browsers may have the same one. Only a digest of the cookie's token is
    kept."""

    __tablename__ = "passkey_devices"

    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    account_id: Mapped[int] = mapped_column(Id, ForeignKey("accounts.id"), primary_key=True)
    passkey_id: Mapped[int] = mapped_column(
        ForeignKey("passkeys.id", ondelete="CASCADE"), index=True
    )
    last_used_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
