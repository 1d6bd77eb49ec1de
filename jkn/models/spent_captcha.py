"""A captcha that was answered once, rightly or wrongly, and counts no second time."""

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from jkn.database import Base, UtcDateTime


class SpentCaptcha(Base):
    """Kept until the captcha would have expired anyway."""

    __tablename__ = "spent_captchas"

    serial: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
