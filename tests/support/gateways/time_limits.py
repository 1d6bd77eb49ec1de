"""The longest time of a talk with an outside service, ended by hand."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from http.client import HTTPResponse
from typing import Any

import pytest

from jkn.gateways import connection
from tests.support.world.waiting import wait_until

# Never up on its own: what ends sooner was ended by hand, or by the other side.
PATIENT = 600.0


@contextmanager
def over_when(count: Callable[[], int]) -> Iterator[list[float]]:
    """The time of each talk is over as soon as `count` has grown since it began, however fast or
    slow this machine is. What comes holds the longest times that were asked for, in order."""
    asked: list[float] = []

    class ByHand(Future[Any]):
        def __init__(self) -> None:
            super().__init__()
            self._before = count()

        def result(self, timeout: float | None = None) -> Any:
            assert timeout is not None, "a talk without a longest time"
            asked.append(timeout)
            wait_until(lambda: self.done() or count() > self._before, "the talk got so far")
            return super().result(0)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection, "Future", ByHand)
        yield asked


@contextmanager
def over_before_the_body() -> Iterator[list[float]]:
    """As `over_when`: the status has come, and its body is asked for."""
    bodies = 0
    read = HTTPResponse.read

    def noted(response: HTTPResponse, *amount: int) -> bytes:
        nonlocal bodies
        bodies += 1
        return read(response, *amount)

    with pytest.MonkeyPatch.context() as patch, over_when(lambda: bodies) as asked:
        patch.setattr(HTTPResponse, "read", noted)
        yield asked
