"""A family as the Kartu Keluarga (KK) has it: everyone on it is insured together."""

from datetime import date

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from jkn.database import Base, EncryptedText, Id, keep_indexed
from jkn.models.address import Address


class Family(Base):
    """`paid_through`: the first day of the last month that is paid; None where nobody in the family
    pays contributions by themselves, since an employer or the state does."""

    __tablename__ = "families"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    family_card_number: Mapped[str] = mapped_column(EncryptedText("families.family_card_number"))
    family_card_number_index: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    street: Mapped[str] = mapped_column(EncryptedText("families.street"))
    rt: Mapped[str]
    rw: Mapped[str]
    village_code: Mapped[str]
    postal_code: Mapped[str]
    paid_through: Mapped[date | None]

    @property
    def address(self) -> Address:
        """The address on the card, which stays when somebody moves (see `Participant.domicile`)."""
        return Address(self.street, self.rt, self.rw, self.village_code, self.postal_code)


keep_indexed(Family.family_card_number, Family.family_card_number_index)
