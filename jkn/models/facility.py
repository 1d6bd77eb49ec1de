"""A health facility that participants choose: primary care (FKTP), dentist, hospital."""

from enum import StrEnum

from sqlalchemy.orm import Mapped, mapped_column

from jkn.database import Base, enum_column


class FacilityKind(StrEnum):
    """`DOCTOR`: a Dokter Praktik Perorangan, whose participants choose a dental facility, too."""

    PUSKESMAS = "puskesmas"
    CLINIC = "clinic"
    DOCTOR = "doctor"
    DENTIST = "dentist"
    HOSPITAL = "hospital"


class Facility(Base):
    """`capacity` and `enrolled`: numbers of participants. It is full when `enrolled` reaches
    `capacity`."""

    __tablename__ = "facilities"

    code: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[FacilityKind] = enum_column(FacilityKind)
    name: Mapped[str]
    address: Mapped[str]
    regency_code: Mapped[str] = mapped_column(index=True)
    district_code: Mapped[str] = mapped_column(index=True)
    latitude: Mapped[float]
    longitude: Mapped[float]
    capacity: Mapped[int]
    enrolled: Mapped[int]
