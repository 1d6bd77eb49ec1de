"""Purging: deleting what has expired."""

from jkn.database import Base
from jkn.services.operations import retention


def purged(*tables: type[Base]) -> int:
    """How many rows of these tables one complete purge deletes."""
    names = {it.__tablename__ for it in tables}
    return sum(rows for name, rows in list(retention.purge_by_table()) if name in names)
