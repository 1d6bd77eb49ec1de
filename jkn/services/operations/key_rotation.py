"""Writes everything encrypted anew with the first data key, one batch in each transaction.

It may be stopped and started again at any time, while people use the app: what was written with an
older key can be read and found as long as that key is in the ring.
"""

from collections.abc import Iterator

from sqlalchemy import LargeBinary, Table, select, type_coerce, update

from jkn.database import Base, EncryptedText, blind_index, keyring, session, transaction

_BATCH = 500


def rotate() -> Iterator[tuple[str, int]]:
    """Yield (table, rows written anew) after each batch that changed something."""
    for table in Base.metadata.sorted_tables:
        places = {
            column.name: column.type.place
            for column in table.columns
            if isinstance(column.type, EncryptedText)
        }
        after = 0
        while places:
            with transaction():
                after, written = _rotate_batch(table, places, after)
            if written:
                yield table.name, written
            if not after:
                break


def _rotate_batch(table: Table, places: dict[str, str], after: int) -> tuple[int, int]:
    """The last id that was looked at (0: no rows are left), and how many rows were written."""
    raw = [type_coerce(table.c[name], LargeBinary).label(name) for name in places]
    rows = session.execute(
        select(table.c.id, *raw).where(table.c.id > after).order_by(table.c.id).limit(_BATCH)
    ).mappings()
    last = written = 0
    for row in rows:
        last = row["id"]
        values: dict[str, object] = {}
        unchanged = [table.c.id == last]
        for name, place in places.items():
            if row[name] is None or keyring().is_current(row[name]):
                continue
            values[name] = plain = keyring().decrypt(place, row[name])
            unchanged.append(type_coerce(table.c[name], LargeBinary) == row[name])
            if f"{name}_index" in table.c:
                values[f"{name}_index"] = blind_index(place, plain)[0]
        if values:
            # A row that somebody changed meanwhile is skipped: it has the first key already.
            done = session.execute(
                update(table).where(*unchanged).values(values).returning(table.c.id)
            )
            written += len(done.all())
    return last, written
