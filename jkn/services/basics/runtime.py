"""What the rules of this process stand on: the settings in force, and what is made of them.

A process binds its settings once, when it starts; tests do so again and again. What a room makes of
them stays beside the code that uses it, and is asked for by a call without arguments:

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
    """From now on these are in force: every part is made anew when somebody next asks for it."""
    global _bound
    _bound = _Runtime(settings)


def settings() -> Settings:
    """Those in force. Raises RuntimeError before `bind`."""
    return _in_force().settings


class Part(Generic[T]):
    """A value that lasts as long as the settings in force; made when somebody first asks for it,
    by one thread. A process that never asks pays nothing for it."""

    def __init__(self, make: Callable[[Settings], T]) -> None:
        functools.update_wrapper(self, make)
        self._make = make

    def __call__(self) -> T:
        """Raises RuntimeError before `bind`. What making it raises is not kept: the next who asks
        tries again."""
        runtime = _in_force()
        # Not locked: sign-in asks for several of them, and they change once in a process's life.
        if self not in runtime.made:
            with runtime.lock:
                if self not in runtime.made:
                    runtime.made[self] = self._make(runtime.settings)
        value: T = runtime.made[self]
        return value

    def provide(self, value: T) -> None:
        """Take this one until the next `bind`: for what settings do not say, such as who collects
        the figures. Raises RuntimeError before `bind`."""
        runtime = _in_force()
        with runtime.lock:
            runtime.made[self] = value


def part(make: Callable[[Settings], T]) -> Part[T]:
    """Mark how a part is made: of the settings that it is handed, and of nothing else."""
    return Part(make)


def _in_force() -> _Runtime:
    if _bound is None:
        raise RuntimeError("runtime.bind() has not been called")
    return _bound
