"""What a server of a newer release leaves behind: enum values that this release does not know."""

from collections.abc import Iterator

from sqlalchemy import Column, text

from jkn.database import Base, EnumText, session, transaction

OF_TOMORROW = "of_tomorrow"
# Tables whose rows cannot be changed, so a row of the newer release is added.
_ONLY_ADDED_TO = {"security_events"}


def enum_columns() -> Iterator[Column[object]]:
    """Every column with an enum, and the one that names the text of a notification."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, EnumText) or str(column) == "notifications.topic":
                yield column


def write_newer(column: Column[object]) -> None:
    """Put a value of a newer release into this column of every row that has a value there."""
    table, name = column.table.name, column.name
    written = f"UPDATE {table} SET {name} = :value WHERE {name} IS NOT NULL"
    if table in _ONLY_ADDED_TO:
        others = [it.name for it in column.table.columns if it.name not in ("id", name)]
        kept = ", ".join(others)
        written = f"INSERT INTO {table} ({name}, {kept}) SELECT :value, {kept} FROM {table}"
    with transaction():
        session.execute(text(written), {"value": OF_TOMORROW})
    session.remove()
    with transaction():
        found = text(f"SELECT count(*) FROM {table} WHERE {name} = :value")
        assert session.scalar(found, {"value": OF_TOMORROW}), f"no row has a {column}"
