"""When the last five codes were sent to a number or for a person."""

from sqlalchemy import BigInteger, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from jkn.database import Base


class SendingLog(Base):
    """`key` is a keyed digest, so that the table names nobody. `sent_1` is the latest, `sent_5`
    the fifth before it, in milliseconds since 1970; 0: there was none. One statement can ask
    whether an hour has passed and move them up."""

    __tablename__ = "sending_logs"

    key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    sent_1: Mapped[int] = mapped_column(BigInteger, index=True)
    sent_2: Mapped[int] = mapped_column(BigInteger)
    sent_3: Mapped[int] = mapped_column(BigInteger)
    sent_4: Mapped[int] = mapped_column(BigInteger)
    sent_5: Mapped[int] = mapped_column(BigInteger)
