"""Long lists of what happened to an account, newest first, a page at a time.

A page is found by the id that it follows, never by its number: rows that arrive meanwhile shift
nothing, and the thousandth page costs as much as the first.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar, TypeVarTuple

from sqlalchemy import Row, Select
from sqlalchemy.orm import InstrumentedAttribute

from jkn.database import LARGEST_ID, session

A_PAGE = 20

Item = TypeVar("Item")
Columns = TypeVarTuple("Columns")


@dataclass(frozen=True)
class Page(Generic[Item]):
    """`items`: newest first. `follows_on`: when the item before them happened, None on the first
    page. `more_before`: the id to ask for the next page with, None on the last."""

    items: list[Item]
    follows_on: datetime | None
    more_before: int | None


def page_of(
    own_rows: Select[*Columns],
    id_column: InstrumentedAttribute[int],
    before: int | None,
    in_words: Callable[[Row[*Columns]], Item],
) -> Page[Item]:
    """The newest of one account's rows, or those that are older than the one with the id `before`.

    `own_rows` selects rows of that account alone; `id` and `happened_at` must be among its columns.
    """
    # The row before the page is read, too: the page may continue its day.
    wanted = own_rows if before is None else own_rows.where(id_column <= as_id(before))
    rows = list(session.execute(wanted.order_by(id_column.desc()).limit(A_PAGE + 2)))
    previous = rows.pop(0) if rows and rows[0].id == before else None
    shown = rows[:A_PAGE]
    return Page(
        items=[in_words(row) for row in shown],
        follows_on=None if previous is None else previous.happened_at,
        more_before=shown[-1].id if len(rows) > A_PAGE else None,
    )


def as_id(number: int) -> int:
    """A number from an address, moved into the range of ids that the database can compare."""
    return max(0, min(number, LARGEST_ID))
