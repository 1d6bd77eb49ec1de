"""The journey on which somebody switches *Login dengan Biometrik* on."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Mapped, mapped_column

from jkn.database import UtcDateTime
from jkn.models.journey import Journey


class EnrolmentStage(StrEnum):
    """CREATE: the terms are agreed to and the password was right; the phone may make its key."""

    CREATE = "create"
    DONE = "done"


class PasskeyEnrolment(Journey):
    """The journey of a person who is signed in. `terms_hash`: the SHA-256 of the text that was
    agreed to, in hexadecimal."""

    __tablename__ = "passkey_enrolments"

    STAGES = EnrolmentStage
    # The password must have been given a short while ago; somebody who takes longer gives it again.
    LIFE = timedelta(minutes=15)

    terms_version: Mapped[str]
    terms_hash: Mapped[str]
    agreed_at: Mapped[datetime] = mapped_column(UtcDateTime)
