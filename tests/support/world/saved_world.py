"""Saving the database of a running app, and restoring it while the server runs."""

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.support.world.running_app import RunningApp
from tests.support.world.waiting import PATIENCE_SECONDS, wait_until

_IS_ANYTHING_WAITING = "SELECT 1 FROM outbox_messages WHERE state = 'waiting' LIMIT 1"
# What Python runs instead of app.py, so that the app has the door.
PROGRAM = ("-m", "tests.support.world.restorable_app")
# By how many seconds each of its answers comes late, pages and files alike: no walk may depend on
# what has loaded by chance.
LATE = "TESTS_ANSWER_SECONDS_LATE"


def door_of(folder: Path) -> Path:
    """The door of an app with this folder: requests pass it, and restoring locks it."""
    return folder / "requests.lock"


class SavedWorld:
    """Every row of its database. SQLite's own backup waits for writers, and readers see either all
    of the old rows or all of the restored ones."""

    def __init__(self, saved: sqlite3.Connection, live: sqlite3.Connection, door: Path) -> None:
        self._saved = saved
        self._live = live
        self._door = door
        self._live.backup(self._saved)

    def restore(self) -> None:
        """Put the saved rows back. Before that, requests under way end, also those that nobody
        waits for, and waiting messages are sent: later they would arrive in a database that knows
        nothing of them."""
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
    """Save the database of an app that runs `PROGRAM`."""
    with (
        closing(sqlite3.connect(":memory:")) as saved,
        closing(sqlite3.connect(app.folder / "jkn.sqlite3", timeout=PATIENCE_SECONDS)) as live,
    ):
        # These data need not survive a crash of the machine.
        live.execute("PRAGMA synchronous = OFF")
        yield SavedWorld(saved, live, door_of(app.folder))
