"""Ending the time limit of a connection to an outside service by hand instead of by the clock."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from http.client import HTTPResponse
from typing import Any

import pytest

from jkn.gateways import connection
from tests.support.world.waiting import wait_until

# A limit that no test reaches: whatever ends sooner was ended by hand or by the other side.
PATIENT = 600.0


@contextmanager
def over_when(count: Callable[[], int]) -> Iterator[list[float]]:
    """The time limit of each connection is over as soon as `count` has grown since it began,
    however fast this machine is. Yields the limits that were asked for, in order."""
    asked: list[float] = []

    class ByHand(Future[Any]):
        def __init__(self) -> None:
            super().__init__()
            self._before = count()

        def result(self, timeout: float | None = None) -> Any:
            assert timeout is not None, "a connection without a time limit"
            asked.append(timeout)
            wait_until(lambda: self.done() or count() > self._before, "the talk got so far")
            return super().result(0)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection, "Future", ByHand)
        yield asked


@contextmanager
def over_before_the_body() -> Iterator[list[float]]:
    """As `over_when`, at the moment when the status was read and the body is being read."""
    bodies = 0
    read = HTTPResponse.read

    def noted(response: HTTPResponse, *amount: int) -> bytes:
        nonlocal bodies
        bodies += 1
        return read(response, *amount)

    with pytest.MonkeyPatch.context() as patch, over_when(lambda: bodies) as asked:
        patch.setattr(HTTPResponse, "read", noted)
        yield asked
