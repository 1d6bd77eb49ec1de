"""News for one person, kept until it is old."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from jkn.database import Base, EncryptedText, Id, UtcDateTime


class Notification(Base):
    """`topic`: the name of its text. `facts` are what that needs, as JSON. `read_at` is None until
    read."""

    __tablename__ = "notifications"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    topic: Mapped[str] = mapped_column(String(40))
    facts: Mapped[str] = mapped_column(EncryptedText("notifications.facts"))
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index("ix_notifications_account_id", "account_id", "id"),
        # The bell counts on every page.
        Index(
            "ix_notifications_unread",
            "account_id",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
    )
