"""How the database finds the rows of a query: by an index, or by reading whole tables."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, event, func, select

from jkn.database import Base

# A table with so many rows or fewer may be read whole: that is as fast as any index.
_LARGE = 1_000
_WHAT = re.compile(r"\b(?:FROM|INTO|UPDATE)\s+\"?(\w+)", re.IGNORECASE)
# A table that occurs twice in one statement gets a number at its end.
_NUMBER = re.compile(r"_[0-9]+$")
_SQLITE_STEP = re.compile(r"(SCAN|SEARCH) (\w+)(?: USING (?:COVERING )?(?:INDEX (\w+)|(.*KEY)))?")

Sent = tuple[str, Any]


@dataclass(frozen=True)
class Plan:
    """`statement`: its kind and its table. `steps`: which tables are read, and by which indexes.
    `full_scans`: large tables that are read whole."""

    statement: str
    steps: tuple[str, ...]
    full_scans: tuple[str, ...]


@contextmanager
def noted(engine: Engine) -> Iterator[list[Sent]]:
    """Collect the statements that this block sends to the database, with their parameters."""
    sent: list[Sent] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if not statement.upper().startswith(("BEGIN", "PRAGMA")):
            sent.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def large_tables(engine: Engine) -> set[str]:
    """The tables that should never be read whole, by the number of their rows."""
    with engine.connect() as connection:
        return {
            table.name
            for table in Base.metadata.sorted_tables
            if (connection.scalar(select(func.count()).select_from(table)) or 0) > _LARGE
        }


def explained(engine: Engine, sent: list[Sent], large: set[str]) -> list[Plan]:
    """The plans of these statements, in their order. None of them is executed."""
    explain = _explain_sqlite if engine.dialect.name == "sqlite" else _explain_postgresql
    with engine.connect() as connection:
        found = []
        for statement, parameters in sent:
            steps = list(explain(connection, statement, parameters))
            words = [it for it in (_words(*step) for step in steps) if it]
            full = [table for table, index in steps if index is None and table in large]
            found.append(Plan(_in_short(statement), tuple(words), tuple(full)))
        connection.rollback()
    return found


def _words(table: str, index: str | None) -> str:
    return f"{table} by {index}" if index else f"{table} WHOLE"


def _explain_postgresql(
    connection: Connection, statement: str, parameters: Any
) -> Iterator[tuple[str, str | None]]:
    explain = f"EXPLAIN (FORMAT JSON) {statement}"
    (document,) = connection.exec_driver_sql(explain, parameters).one()
    yield from _scans(document[0]["Plan"])


def _scans(node: dict[str, Any], table: str = "") -> Iterator[tuple[str, str | None]]:
    """Each table that is read, with the index by which its rows are found; None: by reading the
    whole table, or a whole index, which is as slow."""
    table = node.get("Relation Name", table)
    kind = node["Node Type"]
    if kind == "Seq Scan":
        yield table, None
    elif kind in ("Index Scan", "Index Only Scan", "Bitmap Index Scan"):
        yield table, node["Index Name"] if "Index Cond" in node else None
    elif arbiters := node.get("Conflict Arbiter Indexes"):
        yield table, arbiters[0]
    for part in node.get("Plans", []):
        yield from _scans(part, table)


def _explain_sqlite(
    connection: Connection, statement: str, parameters: Any
) -> Iterator[tuple[str, str | None]]:
    for *_, detail in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters):
        if step := _SQLITE_STEP.match(detail):
            how, table, index, key = step.groups()
            yield _NUMBER.sub("", table), (index or key) if how == "SEARCH" else None


def _in_short(statement: str) -> str:
    """SELECT accounts"""
    what = _WHAT.search(statement)
    return f"{statement.split(None, 1)[0]} {what[1] if what else ''}".strip()
