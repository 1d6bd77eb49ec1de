"""All rows of the database, so that tests can say what a request changed."""

import functools
from collections import Counter
from collections.abc import Collection
from typing import Any

from jkn.database import Base, session

# By table: each row as a tuple, as it is stored, without decrypting anything.
Rows = dict[str, Counter[tuple[Any, ...]]]

# Columns that reading may change: only when a session was last used.
_SEEN = {("sign_in_sessions", "last_used_at")}


def all_rows() -> Rows:
    """Every row of every table as it is now, without the times at which sessions were last used."""
    session.rollback()
    # The driver's own cursor, which hands out plain tuples, takes a tenth of the time.
    cursor = session.connection().connection.cursor()
    held = {}
    for table, statement in _statements().items():
        cursor.execute(statement)
        held[table] = Counter(cursor.fetchall())
    cursor.close()
    session.rollback()
    return held


@functools.cache
def _statements() -> dict[str, str]:
    """Plain SQL, so that nothing is decrypted and reading a thousand times is quick."""
    return {
        table.name: "SELECT {} FROM {}".format(
            ", ".join(f'"{it.name}"' for it in table.columns if (table.name, it.name) not in _SEEN),
            table.name,
        )
        for table in Base.metadata.sorted_tables
    }


def changes(before: Rows, after: Rows, *, but_for: Collection[str] = ()) -> list[str]:
    """The differences, one line a table: "families: 1 gone, 2 new". `but_for`: tables left out."""
    found = []
    for table in before:
        if table in but_for or before[table] == after[table]:
            continue
        gone, new = before[table] - after[table], after[table] - before[table]
        if gone or new:
            found.append(f"{table}: {gone.total()} gone, {new.total()} new")
    return found
