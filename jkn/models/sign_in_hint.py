"""The person whom Masuk of one browser knows for one sign-in."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from jkn.database import Base, Id, UtcDateTime


class SignInHint(Base):
    """Left by a journey that ends at Masuk, for the browser that went through it. Gives no rights:
    whoever has the token sees a masked number, and must know the password.

    `token_digest`: of the token of that journey. `needs_captcha`: a password was tried already.
    """

    __tablename__ = "sign_in_hints"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    needs_captcha: Mapped[bool] = mapped_column(default=False)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

    # No id is used twice: a page that was opened earlier must not name a later row.
    __table_args__ = ({"sqlite_autoincrement": True},)
