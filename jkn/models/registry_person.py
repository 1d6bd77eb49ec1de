"""The embedded population registry (Dukcapil): every resident, insured or not."""

from datetime import date

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from jkn.database import Base, EncryptedText, Id, keep_indexed


class RegistryPerson(Base):
    """`relationship_code` is STAT_HBKEL: 1 head, 2 husband, 3 wife, 4 child … 11 other."""

    __tablename__ = "registry_people"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    nik: Mapped[str] = mapped_column(EncryptedText("registry_people.nik"))
    nik_index: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    family_card_number: Mapped[str] = mapped_column(
        EncryptedText("registry_people.family_card_number")
    )
    family_card_number_index: Mapped[bytes] = mapped_column(LargeBinary(32), index=True)
    name: Mapped[str] = mapped_column(EncryptedText("registry_people.name"))
    birth_place: Mapped[str] = mapped_column(EncryptedText("registry_people.birth_place"))
    birth_date: Mapped[date]
    sex: Mapped[str]
    relationship_code: Mapped[int]
    mother_name: Mapped[str] = mapped_column(EncryptedText("registry_people.mother_name"))
    street: Mapped[str] = mapped_column(EncryptedText("registry_people.street"))
    rt: Mapped[str]
    rw: Mapped[str]
    village_code: Mapped[str]
    postal_code: Mapped[str]
    died_on: Mapped[date | None]


keep_indexed(RegistryPerson.nik, RegistryPerson.nik_index)
keep_indexed(RegistryPerson.family_card_number, RegistryPerson.family_card_number_index)
