"""A circuit breaker: leaves a service alone for a while after it failed several times in a row.

Each process counts for itself. The only module that imports the library circuitbreaker.
"""

import threading
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from circuitbreaker import CircuitBreaker

P = ParamSpec("P")
R = TypeVar("R")


class Resting(Exception):
    """The service was not asked: it failed a moment ago. `seconds`: how much of its rest is left; 0
    while another caller finds out whether it is back."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Breaker:
    """`failure`: the exception that counts as a failure. After `failures` in a row the service
    rests for `rest_seconds`. Then a single caller finds out whether it is back, so that a service
    that hangs holds one thread, not all of them."""

    def __init__(
        self, failure: type[Exception], *, failures: int = 3, rest_seconds: float = 15.0
    ) -> None:
        self._circuit = CircuitBreaker(failures, rest_seconds, failure)
        self._first = threading.Lock()

    def call(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """What `work` returns or raises. Raises Resting, without calling it, while the service
        rests."""
        if not self._circuit.closed:
            return self._call_alone(work, *args, **kwargs)
        result: R = self._circuit.call(work, *args, **kwargs)
        return result

    def _call_alone(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        if self._circuit.opened or not self._first.acquire(blocking=False):
            raise Resting(max(0.0, self._circuit.open_remaining))
        try:
            result: R = self._circuit.call(work, *args, **kwargs)
            return result
        finally:
            self._first.release()
