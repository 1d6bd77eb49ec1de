"""When somebody was offered *Login dengan Biometrik*, and whether they refused."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from jkn.database import Base, Id, UtcDateTime


class PasskeyOffer(Base):
    """`sign_ins`: how often the person has signed in with a password. `offered_at`: when its card
    was seen last; None: never. `refusals`: how often they said *Nanti saja*. `refused_at`: when
    they said it last; None: never."""

    __tablename__ = "passkey_offers"

    account_id: Mapped[int] = mapped_column(Id, ForeignKey("accounts.id"), primary_key=True)
    sign_ins: Mapped[int]
    refusals: Mapped[int]
    refused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    offered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
