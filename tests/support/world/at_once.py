"""Many threads doing the same thing at the same moment, as the requests of many browsers do."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from jkn.database import session
from tests.support.world.waiting import PATIENCE_SECONDS

R = TypeVar("R")


def at_once(count: int, act: Callable[[int], R]) -> list[R]:
    """What `act(0)` to `act(count - 1)` return, each called in a thread with its own session."""
    everybody_is_here = Barrier(count)

    def run(number: int) -> R:
        everybody_is_here.wait(PATIENCE_SECONDS)
        try:
            return act(number)
        finally:
            session.remove()

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(run, range(count)))
