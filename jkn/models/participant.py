"""A participant (peserta) of JKN: the person and the membership."""

from datetime import date
from enum import StrEnum

from sqlalchemy import ForeignKey, LargeBinary, orm
from sqlalchemy.orm import Mapped, mapped_column

from jkn.database import Base, EncryptedText, Id, enum_column, keep_indexed
from jkn.models.address import Address
from jkn.models.facility import Facility
from jkn.models.family import Family


class Relationship(StrEnum):
    """The place in the family, after STAT_HBKEL of the population registry."""

    HEAD = "head"
    HUSBAND = "husband"
    WIFE = "wife"
    CHILD = "child"
    PARENT = "parent"
    OTHER = "other"


class Segment(StrEnum):
    """Who pays the contribution and how (Perpres 82/2018): the state for PBI and Pemda, employer
    and employee for PPU, the participants themselves for PBPU and BP."""

    PBI_JK = "pbi_jk"
    PBPU_BP_PEMDA = "pbpu_bp_pemda"
    PPU_STATE = "ppu_state"
    PPU_COMPANY = "ppu_company"
    PBPU = "pbpu"
    BP = "bp"


class ParticipantKind(StrEnum):
    """The finer kind inside a segment (`jenisPeserta`), where rules depend on it."""

    PRIVATE_EMPLOYEE = "private_employee"
    SELF_EMPLOYED = "self_employed"
    STATE_PENSIONER = "state_pensioner"
    CIVIL_SERVANT = "civil_servant"
    MILITARY = "military"
    POLICE = "police"
    PBI_NATIONAL = "pbi_national"
    PBI_REGIONAL = "pbi_regional"
    NON_WORKER = "non_worker"


class EndedReason(StrEnum):
    """Why a membership has, or will have, an end."""

    EMPLOYMENT_ENDED = "employment_ended"
    DEATH = "death"


class Participant(Base):
    """`nik`: None for a newborn who was registered without one. `active_until`: the last day that
    is covered, None while no end is known. `phone` is in E.164. `domicile_…`: all None for somebody
    who lives at the address of the family card.

    All of it is as of today; `MemberChange` knows what it was before."""

    __tablename__ = "participants"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    family_id: Mapped[int] = mapped_column(ForeignKey("families.id"), index=True)
    nik: Mapped[str | None] = mapped_column(EncryptedText("participants.nik"))
    nik_index: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    card_number: Mapped[str] = mapped_column(EncryptedText("participants.card_number"))
    card_number_index: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    name: Mapped[str] = mapped_column(EncryptedText("participants.name"))
    birth_place: Mapped[str] = mapped_column(EncryptedText("participants.birth_place"))
    birth_date: Mapped[date]
    sex: Mapped[str]
    relationship: Mapped[Relationship] = enum_column(Relationship)
    mother_name: Mapped[str] = mapped_column(EncryptedText("participants.mother_name"))

    segment: Mapped[Segment] = enum_column(Segment)
    kind: Mapped[ParticipantKind] = enum_column(ParticipantKind)
    care_class: Mapped[str]
    care_class_since: Mapped[date]
    primary_facility_code: Mapped[str | None] = mapped_column(ForeignKey("facilities.code"))
    primary_facility_since: Mapped[date | None]
    dental_facility_code: Mapped[str | None] = mapped_column(ForeignKey("facilities.code"))
    active_from: Mapped[date]
    active_until: Mapped[date | None]
    ended_reason: Mapped[EndedReason | None] = enum_column(EndedReason, nullable=True)

    phone: Mapped[str | None] = mapped_column(EncryptedText("participants.phone"))
    phone_index: Mapped[bytes | None] = mapped_column(LargeBinary(32), index=True)
    email: Mapped[str | None] = mapped_column(EncryptedText("participants.email"))
    email_index: Mapped[bytes | None] = mapped_column(LargeBinary(32), index=True)

    domicile_street: Mapped[str | None] = mapped_column(
        EncryptedText("participants.domicile_street")
    )
    domicile_rt: Mapped[str | None]
    domicile_rw: Mapped[str | None]
    domicile_village_code: Mapped[str | None]
    domicile_postal_code: Mapped[str | None]

    family: Mapped[Family] = orm.relationship()
    primary_facility: Mapped[Facility | None] = orm.relationship(
        foreign_keys=[primary_facility_code]
    )

    @property
    def domicile(self) -> Address | None:
        """Where the person lives; None: at the address of the family card."""
        parts = (
            self.domicile_street,
            self.domicile_rt,
            self.domicile_rw,
            self.domicile_village_code,
            self.domicile_postal_code,
        )
        street, rt, rw, village_code, postal_code = parts
        if street is None or rt is None or rw is None:
            return None
        if village_code is None or postal_code is None:
            return None
        return Address(street, rt, rw, village_code, postal_code)

    @domicile.setter
    def domicile(self, lives_at: Address | None) -> None:
        self.domicile_street = lives_at.street if lives_at else None
        self.domicile_rt = lives_at.rt if lives_at else None
        self.domicile_rw = lives_at.rw if lives_at else None
        self.domicile_village_code = lives_at.village_code if lives_at else None
        self.domicile_postal_code = lives_at.postal_code if lives_at else None

    @property
    def home(self) -> Address:
        """Where the person lives: the domicile, or the address of the family card. One query more
        where the family was not loaded with the participant."""
        return self.domicile or self.family.address


keep_indexed(Participant.nik, Participant.nik_index)
keep_indexed(Participant.card_number, Participant.card_number_index)
keep_indexed(Participant.phone, Participant.phone_index)
keep_indexed(Participant.email, Participant.email_index)
