"""The world of a running app as it was at one moment, put back under the server as it runs."""

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.support.world.running_app import RunningApp
from tests.support.world.waiting import PATIENCE_SECONDS, wait_until

_IS_ANYTHING_WAITING = "SELECT 1 FROM outbox_messages WHERE state = 'waiting' LIMIT 1"
# What Python runs in place of app.py, so that there is a door.
PROGRAM = ("-m", "tests.support.world.restorable_app")


def door_of(folder: Path) -> Path:
    """What the requests to an app with this folder pass, and its restoring locks."""
    return folder / "requests.lock"


class SavedWorld:
    """Every row of its database. SQLite's own copying waits for whoever writes, and whoever reads
    sees either the one world or the other."""

    def __init__(self, saved: sqlite3.Connection, live: sqlite3.Connection, door: Path) -> None:
        self._saved = saved
        self._live = live
        self._door = door
        self._live.backup(self._saved)

    def restore(self) -> None:
        """As if nothing had happened since. Requests that are under way end before, also those
        that nobody waits for any more, and what is still to be sent is sent: later it would
        arrive in a world that knows nothing of it."""
        with self._door.open("a") as door:
            fcntl.flock(door, fcntl.LOCK_EX)
            self._wait_until_all_is_sent()
            self._saved.backup(self._live)

    def _wait_until_all_is_sent(self) -> None:
        wait_until(
            lambda: self._live.execute(_IS_ANYTHING_WAITING).fetchone() is None,
            "the worker sent what is in the outbox",
        )


@contextmanager
def saved_world(app: RunningApp) -> Iterator[SavedWorld]:
    """What it is now, of an app that runs `PROGRAM`."""
    with (
        closing(sqlite3.connect(":memory:")) as saved,
        closing(sqlite3.connect(app.folder / "jkn.sqlite3", timeout=PATIENCE_SECONDS)) as live,
    ):
        # Of what is lost when the machine fails nobody learns here.
        live.execute("PRAGMA synchronous = OFF")
        yield SavedWorld(saved, live, door_of(app.folder))
