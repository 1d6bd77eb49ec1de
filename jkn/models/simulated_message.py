"""A message that the simulated gateway received; *Kotak keluar* shows it, in development only."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from jkn.database import Base, EncryptedText, Id, UtcDateTime, enum_column
from jkn.models.outbox_message import Channel


class SimulatedMessage(Base):
    """`idempotency_key`: unique, so that a message that is handed over twice is kept once.
    `subject`, `html`: None for an SMS."""

    __tablename__ = "simulated_messages"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    idempotency_key: Mapped[str] = mapped_column("stable_id", String(32), unique=True)
    channel: Mapped[Channel] = enum_column(Channel)
    recipient: Mapped[str] = mapped_column(EncryptedText("simulated_messages.recipient"))
    subject: Mapped[str | None] = mapped_column(EncryptedText("simulated_messages.subject"))
    text: Mapped[str] = mapped_column(EncryptedText("simulated_messages.text"))
    html: Mapped[str | None] = mapped_column(EncryptedText("simulated_messages.html"))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
