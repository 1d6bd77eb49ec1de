"""What a browser holds a token of that is rotated when the row opens more than before."""

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from jkn.database import UtcDateTime


class RotatingToken:
    """Only digests are kept, so that reading the table opens nothing. `previous_digest`: of the
    token before the last rotation; None: it was never rotated. `rotated_at`: when that was, as long
    as the same request may lead on once more; None: it may not."""

    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    previous_digest: Mapped[bytes | None] = mapped_column(LargeBinary(32), index=True)
    rotated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
