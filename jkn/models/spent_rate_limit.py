"""How much of a rate limit (of a source, a person, everybody) is spent."""

from sqlalchemy import BigInteger, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from jkn.database import Base


class SpentRateLimit(Base):
    """`key`: a keyed digest, so that the table names nobody. `whole_at`: when the rate limit will
    be whole again, in milliseconds since 1970."""

    __tablename__ = "spent_budgets"

    key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    whole_at: Mapped[int] = mapped_column(BigInteger, index=True)
