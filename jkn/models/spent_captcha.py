"""A captcha that was answered, rightly or wrongly, and so cannot be answered again."""

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from jkn.database import Base, UtcDateTime


class SpentCaptcha(Base):
    """`serial`: of the challenge. Kept until `expires_at`, when the captcha expires anyway."""

    __tablename__ = "spent_captchas"

    serial: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
