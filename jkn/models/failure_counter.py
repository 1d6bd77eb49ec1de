"""How often a person's password was tried in a row without success."""

from sqlalchemy import BigInteger, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from jkn.database import Base


class FailureCounter(Base):
    """`key` is a keyed digest, so that the table names nobody. `tries` counts every try since
    the last success; `failures` those that were looked at; `turned_away` those that came
    during the wait under way. Times are milliseconds since 1970: the database adds to them."""

    __tablename__ = "try_counters"

    key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    tries: Mapped[int]
    failures: Mapped[int]
    turned_away: Mapped[int]
    not_before: Mapped[int] = mapped_column(BigInteger)
    last_try: Mapped[int] = mapped_column(BigInteger, index=True)
