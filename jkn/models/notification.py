"""News for one person, kept until it is old."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from jkn.database import Base, EncryptedText, Id, UtcDateTime, enum_column


class Topic(StrEnum):
    """What a notification is about; its words are in `templates/messages/notification/`."""

    NEW_DEVICE = "new_device"
    ENTERED_AFTER_FAILURES = "entered_after_failures"
    WRONG_PASSWORDS = "wrong_passwords"
    PASSWORD_CLOSED = "password_closed"  # noqa: S105  a word, no password
    CODE_ASKED = "code_asked"
    WRONG_CODES = "wrong_codes"
    ANSWERS_RIGHT = "answers_right"
    WRONG_ANSWERS = "wrong_answers"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105  a word, no password
    PIN_CHANGED = "pin_changed"
    PIN_CLOSED = "pin_closed"
    PASSKEY_ON = "passkey_on"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_OFF = "passkey_off"
    PASSKEY_REMOVED = "passkey_removed"
    REGISTERED = "registered"
    REGISTERED_AGAIN = "registered_again"
    FROZEN = "frozen"
    UNFROZEN = "unfrozen"
    FULL_ACCESS = "full_access"


class Notification(Base):
    """`facts` are what the words of the topic need, as JSON. `read_at` is None until read."""

    __tablename__ = "notifications"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    topic: Mapped[Topic] = enum_column(Topic)
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
