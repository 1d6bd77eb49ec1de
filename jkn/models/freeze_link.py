"""The *Bukan saya* link of a message that warned somebody."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, false
from sqlalchemy.orm import Mapped, mapped_column

from jkn.database import Base, Id, UtcDateTime


class FreezeLink(Base):
    """Only a digest of the link's token is kept. `used_at`: None until the link froze the account.
    `gives_phone_back`: the link went to a channel other than the account's new phone; using it also
    makes the recorded phone the account's again."""

    __tablename__ = "disavowals"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    gives_phone_back: Mapped[bool] = mapped_column(default=False, server_default=false())
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
