"""A code that was sent to somebody, as a keyed digest only."""

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from jkn.database import Base, Id, UtcDateTime


class OneTimeCode(Base):
    """`asked_for`: a digest of what the code confirms (person, purpose, journey, data).
    `code_digest`: a digest of the same and the digits, so that the code is worthless for anything
    else. `length`: how many digits it has. `used_at`: None until the code was used, or another one
    for the same."""

    __tablename__ = "one_time_codes"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    asked_for: Mapped[bytes] = mapped_column(LargeBinary(32), index=True)
    code_digest: Mapped[bytes] = mapped_column(LargeBinary(32), index=True)
    length: Mapped[int] = mapped_column(server_default="6")
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
