"""Leafing through a long list to its end."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from jkn.services.basics.paging import Page

Item = TypeVar("Item")


def leaf(page_before: Callable[[int | None], Page[Item]]) -> Iterator[Page[Item]]:
    """Every page, beginning with the newest. Fails when a page does not lead on to older items,
    since leafing would then never end."""
    before: int | None = None
    while True:
        page = page_before(before)
        yield page
        if page.more_before is None:
            return
        leads_on = before is None or page.more_before < before
        assert leads_on, f"the page before {before} leads to the one before {page.more_before}"
        before = page.more_before
