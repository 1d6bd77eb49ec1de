"""A person whose masked number the sign-in page of one browser shows."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from jkn.database import Base, Id, UtcDateTime


class SavedUsername(Base):
    """Gives no rights: somebody who holds the browser's token sees a masked number, and must know
    the password like everybody else. Only a digest of the token is kept."""

    __tablename__ = "saved_usernames"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

    # No id is used twice: a page that was opened earlier must not name a later row.
    __table_args__ = (
        UniqueConstraint("token_digest", "account_id"),
        {"sqlite_autoincrement": True},
    )
