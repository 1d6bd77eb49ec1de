"""Waiting until another process or thread has done something."""

import time
from collections.abc import Callable

# Long enough for a busy machine; a test that waits in vain fails anyway.
PATIENCE_SECONDS = 60.0
_A_MOMENT = 0.02


def wait_until(
    condition: Callable[[], object], what: str, told: Callable[[], str] = lambda: ""
) -> None:
    """Try again and again until the condition holds. `what` completes "it never happened that …".
    `told` adds what may explain the failure, for instance a log."""
    # Counts its own waits, since a test may have frozen the clock.
    for _ in range(round(PATIENCE_SECONDS / _A_MOMENT)):
        if condition():
            return
        time.sleep(_A_MOMENT)
    raise AssertionError(f"it never happened that {what}\n{told()}".rstrip())
