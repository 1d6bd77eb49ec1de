"""Waiting for what another process or thread is about to do."""

import time
from collections.abc import Callable

# Patient: a busy machine is slow, and who waits for what never comes has failed anyway.
PATIENCE_SECONDS = 60.0
_A_MOMENT = 0.02


def wait_until(
    condition: Callable[[], object], what: str, told: Callable[[], str] = lambda: ""
) -> None:
    """Look again and again until it is so. `what` goes on after "it never happened that …";
    `told` adds what may explain why, for instance a log."""
    # The time that was waited, not the clock's, which a test may hold.
    for _ in range(round(PATIENCE_SECONDS / _A_MOMENT)):
        if condition():
            return
        time.sleep(_A_MOMENT)
    raise AssertionError(f"it never happened that {what}\n{told()}".rstrip())
