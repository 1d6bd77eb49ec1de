"""News for one person, in the app."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from jkn.database import Base, EncryptedText, Id, UtcDateTime


class Notification(Base):
    """`topic`: the name of its text. `facts`: the values in that text, as JSON. `read_at`: None
    until it is read."""

    __tablename__ = "notifications"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    topic: Mapped[str] = mapped_column(String(40))
    facts: Mapped[str] = mapped_column(EncryptedText("notifications.facts"))
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index("ix_notifications_account_id", "account_id", "id"),
        # Every page counts the unread ones for its bell.
        Index(
            "ix_notifications_unread",
            "account_id",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
    )
