"""The world of a running app as it was at one moment, put back under the server as it runs."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

from tests.support.running_app import RunningApp

_PATIENCE_SECONDS = 30


class SavedWorld:
    """Every row of its database. SQLite's own copying waits for whoever writes, and whoever reads
    sees either the one world or the other."""

    def __init__(self, saved: sqlite3.Connection, live: sqlite3.Connection) -> None:
        self._saved = saved
        self._live = live
        self._live.backup(self._saved)

    def restore(self) -> None:
        """As if nothing had happened since. What was still to be sent is sent before: later it
        would arrive in a world that knows nothing of it."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while self._live.execute(_IS_ANYTHING_WAITING).fetchone() is not None:
            if time.monotonic() > deadline:
                raise AssertionError("the worker does not send what is in the outbox")
            time.sleep(0.02)
        self._saved.backup(self._live)


_IS_ANYTHING_WAITING = "SELECT 1 FROM outbox_messages WHERE state = 'waiting' LIMIT 1"


@contextmanager
def saved_world(app: RunningApp) -> Iterator[SavedWorld]:
    """What it is now."""
    with (
        closing(sqlite3.connect(":memory:")) as saved,
        closing(sqlite3.connect(app.folder / "jkn.sqlite3", timeout=_PATIENCE_SECONDS)) as live,
    ):
        # Of what is lost when the machine fails nobody learns here.
        live.execute("PRAGMA synchronous = OFF")
        yield SavedWorld(saved, live)
