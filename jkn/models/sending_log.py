"""When the last five codes were sent to a number or for a person."""

from sqlalchemy import BigInteger, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from jkn.database import Base


class SendingLog(Base):
    """`key`: a keyed digest, so that the table names nobody. `sent_1`: the last sending, and so on
    to `sent_5`, the fifth last, in milliseconds since 1970; 0: there was none. In this form one
    statement can check the limits and note a sending."""

    __tablename__ = "sending_logs"

    key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    sent_1: Mapped[int] = mapped_column(BigInteger, index=True)
    sent_2: Mapped[int] = mapped_column(BigInteger)
    sent_3: Mapped[int] = mapped_column(BigInteger)
    sent_4: Mapped[int] = mapped_column(BigInteger)
    sent_5: Mapped[int] = mapped_column(BigInteger)
