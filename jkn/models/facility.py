"""A health facility (fasilitas kesehatan) that treats participants."""

from datetime import date
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from jkn.database import Base, enum_column


class FacilityKind(StrEnum):
    """`DOCTOR` and `DENTIST` practise alone (Dokter Praktik Perorangan, Dokter Gigi). Which kinds
    may be a primary facility (FKTP) is no matter of the kind but of the rules."""

    PUSKESMAS = "puskesmas"
    PRIMARY_CLINIC = "primary_clinic"
    SPECIALIST_CLINIC = "specialist_clinic"
    DOCTOR = "doctor"
    DENTIST = "dentist"
    PRIMARY_HOSPITAL = "primary_hospital"
    HOSPITAL = "hospital"
    PHARMACY = "pharmacy"


class Facility(Base):
    """`code`: the insurance's own. `latitude` and `longitude` (WGS 84): None where nobody knows;
    where `is_point_exact` is False they are those of the district or regency. `regency_code` and
    `district_code`: None where the operator's list names no place that exists.

    PostgreSQL compares names by bytes as SQLite does (migration 0017), so lists have one order.

    `capacity` and `enrolled`: numbers of participants; without a capacity there is room. No list
    says how many are enrolled, people do. `open_from` and `open_until` are the first and the last
    day; None: since always, or with no end known.
    """

    __tablename__ = "facilities"

    code: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[FacilityKind] = enum_column(FacilityKind)
    name: Mapped[str]
    address: Mapped[str]
    phone: Mapped[str | None]
    regency_code: Mapped[str | None]
    district_code: Mapped[str | None] = mapped_column(index=True)
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    is_point_exact: Mapped[bool]
    capacity: Mapped[int | None]
    enrolled: Mapped[int]
    open_from: Mapped[date | None]
    open_until: Mapped[date | None]

    __table_args__ = (
        Index("ix_facilities_point", "kind", "latitude", "longitude"),
        Index("ix_facilities_regency_code", "regency_code", "kind"),
    )


class FacilityWord(Base):
    """A word of a facility's name, or an end of one with three letters or more: whoever types
    "jaya" finds Mekarjaya by the beginnings of these, with a plain index on every database. They
    are compared by bytes on both, so that a beginning is a range of the index."""

    __tablename__ = "facility_words"

    word: Mapped[str] = mapped_column(primary_key=True)
    facility_code: Mapped[str] = mapped_column(ForeignKey("facilities.code"), primary_key=True)

    __table_args__ = (Index("ix_facility_words_facility_code", "facility_code"),)
