"""How many failed tries one source (network address) may still make."""

from sqlalchemy import BigInteger, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from jkn.database import Base


class SourceBudget(Base):
    """`whole_at`: when the budget will be whole again, in milliseconds since 1970."""

    __tablename__ = "source_budgets"

    key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    whole_at: Mapped[int] = mapped_column(BigInteger, index=True)
