"""A signed-in session: a row on the server, so that ending it ends it for every copy of its
token."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, String, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from jkn.database import Base, Id, UtcDateTime, enum_column
from jkn.models.account import Account
from jkn.models.rotating_token import RotatingToken

LONGEST_MODEL = 30


class SessionEnd(StrEnum):
    """Why a session ended. EXPIRED: its time ran out, and the worker has noted it."""

    SIGN_OUT = "sign_out"
    ANOTHER_DEVICE = "another_device"
    TOO_MANY = "too_many"
    PASSWORD_CHANGE = "password_change"  # noqa: S105  a word, no password
    RECOVERY = "recovery"
    FREEZE = "freeze"
    EXPIRED = "expired"


class SignInSession(RotatingToken, Base):
    """The token before the last rotation opens nothing, but tells whose it was. `device_digest`: of
    the token by which the account knows the browser; None: not noted. `phone_model`: as the browser
    tells it, for the owner's eyes alone; None: it does not. `confirmed_at`: the last
    authentication after the one that began the session, by password or fingerprint; None: there was
    none. `unlocked_until`: when the step-up ends; None: there was none, or it was ended.
    `ended_at`: None while nothing has ended it; its time may be over all the same.

    `opened_by_passkey_id`, `confirmed_by_passkey_id`, `unlocked_by_passkey_id`: the passkey behind
    each of them, which may be removed by now; None: a password or a PIN. `lost_its_key`: the
    passkey that opened it was removed, so its beginning is no recent authentication any more."""

    __tablename__ = "sign_in_sessions"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    device_digest: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    user_agent: Mapped[str]
    phone_model: Mapped[str | None] = mapped_column(String(LONGEST_MODEL))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    unlocked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    opened_by_passkey_id: Mapped[int | None] = mapped_column(Id)
    confirmed_by_passkey_id: Mapped[int | None] = mapped_column(Id)
    unlocked_by_passkey_id: Mapped[int | None] = mapped_column(Id)
    lost_its_key: Mapped[bool] = mapped_column(default=False, server_default=false())
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[SessionEnd | None] = enum_column(SessionEnd, nullable=True)

    account: Mapped[Account] = relationship()

    __table_args__ = (
        Index(
            "ix_sign_in_sessions_open",
            "last_used_at",
            postgresql_where=ended_at.is_(None),
            sqlite_where=ended_at.is_(None),
        ),
    )
