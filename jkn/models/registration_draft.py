"""The journey through Daftar, of a known or an unknown person."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from jkn.database import EncryptedText, UtcDateTime, enum_column
from jkn.models.journey import Journey


class Door(StrEnum):
    """NEW_USER: the population registry confirmed the person's data. MOBILE_USER: the person says
    that they are a participant."""

    NEW_USER = "new_user"
    MOBILE_USER = "mobile_user"


class RegistrationStage(StrEnum):
    """Where the person is. At HAS_ACCOUNT, TOO_YOUNG, DECEASED and NO_NIK (the membership record
    has none) they are told another way; DONE is the good end. EXPIRED is never stored: it stands
    for any other stage whose time is over."""

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
    """`account_id`: the account that was made; None before. `number`: the NIK, or the card number
    where no NIK is known. `name`, `birth_date`: from the registry or the membership record; None
    for an unknown person. `participant_id`: None where the person is no participant. `typed`: what
    the person typed at the door, as JSON; None at an end.

    `phone`: in E.164; `phone_as_typed`: as the person wrote it; both None until it was given.
    `questions`, `answers`: as in a recovery. `answered_at`: when the questions were answered right;
    None: not yet. `terms_version`, `terms_hash`, `agreed_at`: what was agreed to; None until
    then."""

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
    # Counted from the last step: people look for papers, and wait for an SMS.
    LIFE = timedelta(hours=1)
    KEPT = timedelta(days=1)
    FORGOTTEN = dict.fromkeys(("name", "birth_date", "typed", "phone", "phone_as_typed", "answers"))

    door: Mapped[Door] = enum_column(Door)
    number: Mapped[str] = mapped_column(EncryptedText("registration_drafts.number"))
    name: Mapped[str | None] = mapped_column(EncryptedText("registration_drafts.name"))
    birth_date: Mapped[date | None]
    participant_id: Mapped[int | None] = mapped_column(ForeignKey("participants.id"))
    typed: Mapped[str | None] = mapped_column(EncryptedText("registration_drafts.typed"))
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
