"""Writes thousands of rows at once, encrypted and indexed like single rows."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table, func, insert, select, text

from jkn.database import Base, blind_index, session, transaction

Values = dict[str, Any]


def ids_for(model: type[Base], count: int) -> Sequence[int]:
    """Ids that no other row will get, for rows that are put in the transaction under way."""
    table = _table(model)
    if session.get_bind().dialect.name == "sqlite":
        # The database also continues from the highest id, and nobody else writes meanwhile.
        first = (session.scalar(select(func.max(table.c.id))) or 0) + 1
        return range(first, first + count)
    sequence = func.pg_get_serial_sequence(table.name, "id")
    return session.scalars(
        select(func.nextval(sequence)).select_from(func.generate_series(1, count))
    ).all()


def put(model: type[Base], rows: list[Values]) -> None:
    """Insert rows, in the transaction under way. All of them name the same columns. The blind
    indexes of encrypted columns are added to the rows."""
    if not rows:
        return
    table = _table(model)
    for name in [it for it in rows[0] if f"{it}_index" in table.c]:
        place = f"{table.name}.{name}"
        for row in rows:
            value = row[name]
            row[f"{name}_index"] = None if value is None else blind_index(place, value)[0]
    if session.get_bind().dialect.name == "sqlite":
        session.connection().execute(insert(table), rows)
    else:
        _copy(table, rows)


def refresh_statistics(*models: type[Base]) -> None:
    """Let PostgreSQL's planner know how many rows there are now. It would notice by itself, but
    minutes later."""
    if session.get_bind().dialect.name != "sqlite":
        names = ", ".join(_table(it).name for it in models)
        with transaction():
            session.execute(text(f"ANALYZE {names}"))


def _copy(table: Table, rows: list[Values]) -> None:
    """COPY, which is PostgreSQL's own way and twice as fast as INSERT."""
    connection = session.connection()
    names = list(rows[0])
    processors = [
        table.c[name].type.dialect_impl(connection.dialect).bind_processor(connection.dialect)
        for name in names
    ]
    columns = list(zip(names, processors, strict=True))
    cursor = connection.connection.cursor()
    with cursor.copy(f"COPY {table.name} ({', '.join(names)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row([row[name] if it is None else it(row[name]) for name, it in columns])
    cursor.close()


def _table(model: type[Base]) -> Table:
    return Base.metadata.tables[model.__tablename__]
