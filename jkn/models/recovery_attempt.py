"""The journey through Lupa Kata Sandi, of a known or an unknown person."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, LargeBinary, false
from sqlalchemy.orm import Mapped, mapped_column

from jkn.database import EncryptedText, UtcDateTime, enum_column, keep_indexed
from jkn.models.journey import Journey


class RecoveryMethod(StrEnum):
    """How somebody shows that the account is theirs."""

    SMS = "sms"
    EMAIL = "email"
    QUESTIONS = "questions"


class RecoveryStage(StrEnum):
    """Where the person is. From PASSWORD on they have shown who they are. At NO_ACCOUNT, NO_CHANNEL
    and FROZEN they are told another way; DONE is the good end."""

    METHOD = "method"
    CODE = "code"
    QUESTIONS = "questions"
    PASSWORD = "password"  # noqa: S105  a word, no password
    NO_ACCOUNT = "no_account"
    NO_CHANNEL = "no_channel"
    FROZEN = "frozen"
    DONE = "done"


class RecoveryAttempt(Journey):
    """`method`: None until it is chosen. `link_digest`: of the token in an e-mail's link; None
    before one was sent, and after it was used. `is_elsewhere`: that link took the attempt to
    another browser than the one in which the NIK was typed. `account_id`, `participant_id`: None
    where the person has none, or does not exist. `questions`: which are asked, comma separated.
    `answers`: those given so far, as JSON; None before the first, and after they were judged."""

    __tablename__ = "recovery_attempts"

    STAGES = RecoveryStage
    OF_ACCOUNT = False
    LIFE = timedelta(minutes=30)
    KEPT = timedelta(days=1)

    nik: Mapped[str] = mapped_column(EncryptedText("recovery_attempts.nik"))
    nik_index: Mapped[bytes] = mapped_column(LargeBinary(32), index=True)
    participant_id: Mapped[int | None] = mapped_column(ForeignKey("participants.id"))
    method: Mapped[RecoveryMethod | None] = enum_column(RecoveryMethod, nullable=True)
    link_digest: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    is_elsewhere: Mapped[bool] = mapped_column(default=False, server_default=false())
    questions: Mapped[str] = mapped_column(default="")
    answers: Mapped[str | None] = mapped_column(EncryptedText("recovery_attempts.answers"))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)


keep_indexed(RecoveryAttempt.nik, RecoveryAttempt.nik_index)
