"""An account: one person's way in. A person with an account need not be a participant."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from jkn.database import Base, EncryptedText, Id, UtcDateTime, keep_indexed
from jkn.models.participant import Participant


class Account(Base):
    """`phone` (E.164) and `email`: the channels where codes go; None: there is none.
    `password_hash`: empty when only a recovery opens the account. `pin_hash`: None before a PIN was
    chosen, and empty when only *Lupa PIN* helps. `user_handle`: 64 random bytes by which phones
    know the account (security.md R39); None before *Login dengan Biometrik*.

    `frozen_at`: when somebody said *Bukan saya*; None: the account is not frozen. `limited_until`:
    until then the account is in limited mode, because answers alone set its password; None or past:
    it is not. `unconfirmed_since`: since when it waits, in limited mode, until the family or the
    office says that it is its person's; None: it does not wait. `phone_new_until`: until then the
    phone is one that answers alone registered, and a code to it proves nothing more.
    `recovered_at`: when the last Lupa Kata Sandi ended; None: there was none."""

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    participant_id: Mapped[int | None] = mapped_column(ForeignKey("participants.id"), unique=True)
    nik: Mapped[str] = mapped_column(EncryptedText("accounts.nik"))
    nik_index: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    name: Mapped[str] = mapped_column(EncryptedText("accounts.name"))
    birth_date: Mapped[date]
    phone: Mapped[str | None] = mapped_column(EncryptedText("accounts.phone"))
    phone_index: Mapped[bytes | None] = mapped_column(LargeBinary(32), index=True)
    email: Mapped[str | None] = mapped_column(EncryptedText("accounts.email"))
    email_index: Mapped[bytes | None] = mapped_column(LargeBinary(32), index=True)
    password_hash: Mapped[str]
    pin_hash: Mapped[str | None]
    user_handle: Mapped[bytes | None] = mapped_column(LargeBinary(64), index=True, unique=True)
    frozen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    limited_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    unconfirmed_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    recovered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    phone_new_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    participant: Mapped[Participant | None] = relationship()


keep_indexed(Account.nik, Account.nik_index)
keep_indexed(Account.phone, Account.phone_index)
keep_indexed(Account.email, Account.email_index)
