"""A phone's own key to an account (*Login dengan Biometrik*): its public half."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from jkn.database import Base, EncryptedText, Id, UtcDateTime


class Passkey(Base):
    """Nothing here signs anybody in: the private half never leaves the phone.

    `public_key` is a COSE key (RFC 9052). `sign_count`: the authenticator's counter, 0 where it
    keeps none. `is_backup_eligible`: it may travel to the owner's other phones; `is_backed_up`: it
    does. `aaguid`: the kind of authenticator. `user_agent`: of the browser that enrolled it.
    `name`: what the owner calls it; None: nothing yet. `last_used_at` is None before its first use.
    """

    __tablename__ = "passkeys"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1023), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(Id)
    is_backup_eligible: Mapped[bool]
    is_backed_up: Mapped[bool]
    transports: Mapped[str]
    aaguid: Mapped[str]
    user_agent: Mapped[str]
    name: Mapped[str | None] = mapped_column(EncryptedText("passkeys.name"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    # No id twice: a page that was opened before must not name the row that came after.
    __table_args__ = ({"sqlite_autoincrement": True},)
