"""Changes of a participant's data: those that wait for their day, and those that are past.

The participant's own row holds what is true today. What was true before follows from the changes: a
value holds from the first day of its change until the day before the next change of the same row.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from jkn.database import Base, EncryptedText, Id, UtcDateTime, enum_column


class ChangeRow(StrEnum):
    """What is changed: one row of *Ubah Data Peserta*, or one that the registry decides."""

    NIK = "nik"
    NAME = "name"
    BIRTH_DATE = "birth_date"
    SEX = "sex"
    DOMICILE = "domicile"
    PHONE = "phone"
    EMAIL = "email"
    PRIMARY_FACILITY = "primary_facility"
    DENTAL_FACILITY = "dental_facility"
    CARE_CLASS = "care_class"
    SEGMENT = "segment"


class ChangeState(StrEnum):
    """`PENDING` waits for its day; `CANCELLED` by somebody before it; `DROPPED` because it could
    not be applied when the day had come."""

    PENDING = "pending"
    APPLIED = "applied"
    CANCELLED = "cancelled"
    DROPPED = "dropped"


class DropReason(StrEnum):
    """Why a change was dropped. `UNKNOWN_VALUE`: there is no such facility, or no such class on
    that day."""

    DECEASED = "deceased"
    FACILITY_CLOSED = "facility_closed"
    NIK_TAKEN = "nik_taken"
    UNKNOWN_VALUE = "unknown_value"


class MemberChange(Base):
    """`value` and `value_before`: JSON (`change_values`); the latter None until it is applied.
    `effective_on`: the first day of the new value, in Jakarta's calendar. `asked_by_id`: None where
    the operator or the law asked. `reference`: the number told to who asked, the same for all
    changes of one request; None where nobody asked. `ended_at`: when it was applied, cancelled or
    dropped; None while it is pending. Rows are never deleted."""

    __tablename__ = "member_changes"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"))
    row: Mapped[ChangeRow] = enum_column(ChangeRow)
    value: Mapped[str] = mapped_column(EncryptedText("member_changes.value"))
    value_before: Mapped[str | None] = mapped_column(EncryptedText("member_changes.value_before"))
    effective_on: Mapped[date]
    state: Mapped[ChangeState] = enum_column(ChangeState)
    dropped_reason: Mapped[DropReason | None] = enum_column(DropReason, nullable=True)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    reference: Mapped[str | None] = mapped_column(String(40))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index("ix_member_changes_participant_id", "participant_id", "id"),
        # The worker asks for what is due, among many more that are past.
        Index(
            "ix_member_changes_pending",
            "effective_on",
            "id",
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
    )
