"""Counting the statements that a block sends to the database, and reading their query plans."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event


class QueryCounter:
    """`with queries.at_most(3): …`; `statements` holds what was sent in the last block."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    @contextmanager
    def counted(self) -> Iterator[list[str]]:
        """Collect the statements of this block, on every engine."""
        self.statements = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if not statement.upper().startswith(("BEGIN", "PRAGMA")):
                self.statements.append(statement)

        event.listen(Engine, "before_cursor_execute", note)
        try:
            yield self.statements
        finally:
            event.remove(Engine, "before_cursor_execute", note)

    @contextmanager
    def at_most(self, limit: int) -> Iterator[None]:
        """Fail, with the statements, when there are more."""
        with self.counted() as statements:
            yield
        shown = "\n  ".join(statements)
        assert len(statements) <= limit, f"{len(statements)} queries, not {limit}:\n  {shown}"


@contextmanager
def plans_of(engine: Engine) -> Iterator[list[str]]:
    """The query plan of each SELECT in this block; filled when it ends."""
    asked: list[tuple[str, Any]] = []
    plans: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if statement.startswith("SELECT"):
            asked.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield plans
    finally:
        event.remove(engine, "before_cursor_execute", note)
    explain = "EXPLAIN QUERY PLAN " if engine.dialect.name == "sqlite" else "EXPLAIN "
    with engine.connect() as connection:
        for statement, parameters in asked:
            rows = connection.exec_driver_sql(explain + statement, parameters)
            plans.append("\n".join(str(row[-1]) for row in rows))
