"""Audit seals, each over a stretch of the audit log and over the seal before, so that what was
sealed cannot be changed without being noticed."""

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from jkn.database import Base, Id, UtcDateTime


class AuditSeal(Base):
    """`id`: counts from 1 without gaps. The stretch begins after the event `after_id`, and ends
    with the event `last_id`. `entries`: id and digest of each event. `previous`: the digest of the
    seal before."""

    __tablename__ = "event_seals"

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    after_id: Mapped[int] = mapped_column(Id, unique=True)
    last_id: Mapped[int] = mapped_column(Id)
    entries: Mapped[bytes]
    previous: Mapped[bytes] = mapped_column(LargeBinary(32))
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    sealed_at: Mapped[datetime] = mapped_column(UtcDateTime)
