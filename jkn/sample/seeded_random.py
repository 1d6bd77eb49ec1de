"""Random numbers that are the same for the same seed, under every version of Python."""

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class SeededRandom(random.Random):
    """`pick` and `between` use `random()` alone: Python promises only of it that it stays as it is,
    and it is by far the fastest. Not for secrets."""

    def pick(self, them: Sequence[T]) -> T:
        """One element, each with the same chance."""
        return them[int(self.random() * len(them))]

    def between(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + int(self.random() * (high - low + 1))
