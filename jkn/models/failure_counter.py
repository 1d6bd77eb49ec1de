"""How often attempts of one kind (password, code, PIN, answers) failed in a row for a person."""

from sqlalchemy import BigInteger, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from jkn.database import Base


class FailureCounter(Base):
    """`key`: a keyed digest, so that the table names nobody. Attempts since the last success:
    `tries` all of them, `failures` those that were looked at, `turned_away` those that came during
    the present wait. `not_before`: when that wait ends. Times are milliseconds since 1970, so that
    the database can add to them."""

    __tablename__ = "try_counters"

    key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    tries: Mapped[int]
    failures: Mapped[int]
    turned_away: Mapped[int]
    not_before: Mapped[int] = mapped_column(BigInteger)
    last_try: Mapped[int] = mapped_column(BigInteger, index=True)
