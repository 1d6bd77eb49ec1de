"""When somebody was offered *Login dengan Biometrik*, and what they said."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from jkn.database import Base, Id, UtcDateTime


class PasskeyOffer(Base):
    """`sign_ins`: with a password, so far. `offered_at`: last; None: never. `refusals`: how often
    they said *Nanti saja*, `refused_at`: last."""

    __tablename__ = "passkey_offers"

    account_id: Mapped[int] = mapped_column(Id, ForeignKey("accounts.id"), primary_key=True)
    sign_ins: Mapped[int]
    refusals: Mapped[int]
    refused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    offered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
