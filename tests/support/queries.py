"""How many statements a piece of code sends to the database."""

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
