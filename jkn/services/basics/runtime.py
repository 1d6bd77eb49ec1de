"""The settings in force in this process, and the parts that are made of them.

A process binds its settings once, when it starts; tests do so again and again. A part is defined
beside the code that uses it, and is asked for by a call without arguments:

    @part
    def _seal_key(settings: Settings) -> bytes:
        return derive_key(settings.pepper, "event seals")
"""

import functools
from collections.abc import Callable
from threading import RLock
from typing import Any, Generic, TypeVar

from jkn.settings import Settings

T = TypeVar("T")


class _Runtime:
    """Settings and what was made of them so far."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.made: dict[Part[Any], Any] = {}
        # One for all parts, so that two of them can never wait for each other.
        self.lock = RLock()


_bound: _Runtime | None = None


def bind(settings: Settings) -> None:
    """Put these settings in force. Every part is made anew when it is asked for next."""
    global _bound
    _bound = _Runtime(settings)


def settings() -> Settings:
    """The settings in force. Raises RuntimeError before `bind`."""
    return _in_force().settings


class Part(Generic[T]):
    """A value that lasts as long as the settings in force. It is made, by one thread, when it is
    first asked for: a process that never asks pays nothing for it."""

    def __init__(self, make: Callable[[Settings], T]) -> None:
        functools.update_wrapper(self, make)
        self._make = make

    def __call__(self) -> T:
        """The value. Raises RuntimeError before `bind`, and whatever making it raises; the next
        call then tries again."""
        runtime = _in_force()
        # Looked up without the lock: a sign-in asks for several parts, and each is made only once.
        if self not in runtime.made:
            with runtime.lock:
                if self not in runtime.made:
                    runtime.made[self] = self._make(runtime.settings)
        value: T = runtime.made[self]
        return value

    def provide(self, value: T) -> None:
        """Use this value until the next `bind`. For what settings do not say, such as what collects
        the metrics. Raises RuntimeError before `bind`."""
        runtime = _in_force()
        with runtime.lock:
            runtime.made[self] = value


def part(make: Callable[[Settings], T]) -> Part[T]:
    """Mark the function that makes a part, of nothing but the settings that it is given."""
    return Part(make)


def _in_force() -> _Runtime:
    if _bound is None:
        raise RuntimeError("runtime.bind() has not been called")
    return _bound
