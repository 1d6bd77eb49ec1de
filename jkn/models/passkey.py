"""A passkey: the public half of a phone's own key to an account (*Login dengan Biometrik*)."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from jkn.database import Base, EncryptedText, Id, UtcDateTime


class Passkey(Base):
    """Nothing here signs anybody in: the private half never leaves the phone.

    `public_key`: a COSE key (RFC 9052). `sign_count`: the authenticator's counter, 0 where it keeps
    none. `is_backup_eligible`: the key may be copied to the owner's other phones; `is_backed_up`:
    it is. `transports`: how browsers reach it, separated by spaces. `aaguid`: the kind of
    authenticator. `user_agent`: of the browser that enrolled it. `name`: what the owner calls it;
    None: it has no name yet. `last_used_at`: None before its first use.
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

    # No id is used twice: a page that was opened earlier must not name a later row.
    __table_args__ = ({"sqlite_autoincrement": True},)
