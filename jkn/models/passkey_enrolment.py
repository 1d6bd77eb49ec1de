"""Somebody's way to switching *Login dengan Biometrik* on."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Mapped, mapped_column

from jkn.database import UtcDateTime
from jkn.models.journey import Journey


class EnrolmentStage(StrEnum):
    """CREATE: terms agreed to and password given; the phone may make its key."""

    CREATE = "create"
    DONE = "done"


class PasskeyEnrolment(Journey):
    """Of somebody signed in. `terms_hash`: SHA-256 of the text that was agreed to, in
    hexadecimal."""

    __tablename__ = "passkey_enrolments"

    STAGES = EnrolmentStage
    # The password was given just now; who takes longer gives it again.
    LIFE = timedelta(minutes=15)

    terms_version: Mapped[str]
    terms_hash: Mapped[str]
    agreed_at: Mapped[datetime] = mapped_column(UtcDateTime)
