"""An SMS or an e-mail to somebody, written in the transaction that caused it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from jkn.database import Base, EncryptedText, Id, UtcDateTime, enum_column


class Channel(StrEnum):
    """How a message is sent."""

    SMS = "sms"
    EMAIL = "email"


class MessageState(StrEnum):
    """WAITING: to be handed over. HANDED_OVER: to a gateway. EXPIRED: too old before it could be
    handed over. DEAD: given up. NOBODY: written only because it has to cost the same when there is
    nobody to send it to."""

    WAITING = "waiting"
    HANDED_OVER = "handed_over"
    EXPIRED = "expired"
    DEAD = "dead"
    NOBODY = "nobody"


class OutboxMessage(Base):
    """`idempotency_key`: the same at every try, so that a gateway can tell a second try from a
    second message. `topic`: its kind, for figures. `content`: recipient and text as JSON; None once
    the message is finished.

    `due_at`: no worker takes it before; the worker that does moves it on, so that no other takes it
    meanwhile, and is told by it from a later one. `tries`: how often a gateway was asked, or a
    worker was about to. `delivery_id`: the gateway's own id. `problem`: why the last try failed,
    None before."""

    __tablename__ = "outbox_messages"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    idempotency_key: Mapped[str] = mapped_column("stable_id", String(32), unique=True)
    channel: Mapped[Channel] = enum_column(Channel)
    topic: Mapped[str] = mapped_column(String(40))
    content: Mapped[str | None] = mapped_column(EncryptedText("outbox_messages.content"))
    state: Mapped[MessageState] = enum_column(MessageState)
    tries: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    gateway: Mapped[str | None] = mapped_column(String(40))
    delivery_id: Mapped[str | None] = mapped_column(String(200))
    problem: Mapped[str | None] = mapped_column(String(200))

    __table_args__ = (
        # Not partial: SQLite does not use a partial index when the state is a parameter.
        Index("ix_outbox_messages_due_at", "state", "due_at"),
        Index("ix_outbox_messages_state", "state", "finished_at"),
    )
