"""When a piece of periodic work is due next, so that only one of many workers does it."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from jkn.database import Base, UtcDateTime


class PeriodicRun(Base):
    """`name`: of the work. The worker that moves `due_at` on does it."""

    __tablename__ = "periodic_runs"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
