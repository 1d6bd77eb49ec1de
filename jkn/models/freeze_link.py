"""The *Bukan saya* link of a message that warned somebody."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, false
from sqlalchemy.orm import Mapped, mapped_column

from jkn.database import Base, Id, UtcDateTime


class FreezeLink(Base):
    """Only a digest of the link's token is kept. `used_at` is None until it froze the account.
    `gives_phone_back`: only the channels of the membership record have this link, and whoever uses
    it means that the account's phone is somebody else's."""

    __tablename__ = "disavowals"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    gives_phone_back: Mapped[bool] = mapped_column(default=False, server_default=false())
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
