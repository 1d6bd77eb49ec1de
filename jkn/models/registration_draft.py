"""Somebody's way through Daftar, known or not."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from jkn.database import EncryptedText, UtcDateTime, enum_column
from jkn.models.journey import Journey


class Door(StrEnum):
    """NEW_USER: matched by the population registry. MOBILE_USER: says to be a participant."""

    NEW_USER = "new_user"
    MOBILE_USER = "mobile_user"


class RegistrationStage(StrEnum):
    """Where the person is. HAS_ACCOUNT, TOO_YOUNG, DECEASED and NO_NIK (on the membership record)
    are ends that name another way, DONE is the good one. EXPIRED is never stored: time makes it of
    any other."""

    PHONE = "phone"
    QUESTIONS = "questions"
    TERMS = "terms"
    CODE = "code"
    PASSWORD = "password"  # noqa: S105  a word, no password
    HAS_ACCOUNT = "has_account"
    TOO_YOUNG = "too_young"
    DECEASED = "deceased"
    NO_NIK = "no_nik"
    DONE = "done"
    EXPIRED = "expired"


class RegistrationDraft(Journey):
    """`account_id`: whose account came of it. `number`: the NIK; the card number of who has
    none, or is unknown. `name` and `birth_date` are the registry's or the membership record's,
    None where nobody is known. `participant_id`: whose membership it is, if anybody's.

    `phone` in E.164, `phone_as_typed` as the person knows it; None until it was given.
    `questions`, `answers`: as in a recovery. `answered_at`: the questions were answered right.
    `terms_version`, `terms_hash`, `agreed_at`: what was agreed to; None until then."""

    __tablename__ = "registration_drafts"

    STAGES = RegistrationStage
    OF_ACCOUNT = False
    ENDS = frozenset(
        {
            RegistrationStage.HAS_ACCOUNT,
            RegistrationStage.TOO_YOUNG,
            RegistrationStage.DECEASED,
            RegistrationStage.NO_NIK,
            RegistrationStage.DONE,
        }
    )
    EXPIRED = RegistrationStage.EXPIRED
    # Since the last step: people look for papers, and wait for an SMS.
    LIFE = timedelta(hours=1)
    KEPT = timedelta(days=1)
    FORGOTTEN = dict.fromkeys(("name", "birth_date", "phone", "phone_as_typed", "answers"))

    door: Mapped[Door] = enum_column(Door)
    number: Mapped[str] = mapped_column(EncryptedText("registration_drafts.number"))
    name: Mapped[str | None] = mapped_column(EncryptedText("registration_drafts.name"))
    birth_date: Mapped[date | None]
    participant_id: Mapped[int | None] = mapped_column(ForeignKey("participants.id"))
    phone: Mapped[str | None] = mapped_column(EncryptedText("registration_drafts.phone"))
    phone_as_typed: Mapped[str | None] = mapped_column(
        EncryptedText("registration_drafts.phone_as_typed")
    )
    questions: Mapped[str] = mapped_column(default="")
    answers: Mapped[str | None] = mapped_column(EncryptedText("registration_drafts.answers"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    terms_version: Mapped[str | None]
    terms_hash: Mapped[str | None]
    agreed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
