"""The task queue: wakes the workers at once and spreads the work over them.

It holds no message and nothing personal, only "look into the outbox": when its storage is away,
nothing is lost, and workers look by themselves a second later.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from huey.api import Huey
    from huey.consumer import Consumer

_NAME = "jkn"
_SECONDS_TO_CONNECT = 0.5
# After a failure nobody tries again for a while: a request must not wait for the queue.
_PAUSE_SECONDS = 10.0

_log = structlog.get_logger(__name__)
_url = ""
_connecting = threading.Lock()
_queue: "_Queue | None" = None
_deliver: Callable[[], object] | None = None
_quiet_until = 0.0


@dataclass(frozen=True)
class _Queue:
    huey: "Huey"
    deliver: Callable[[], object]


def configure(url: str) -> None:
    """`url`: `sqlite:///path`, `redis://…` or `postgresql://…`."""
    global _url, _quiet_until
    close()
    _url, _quiet_until = url, 0.0


def close() -> None:
    """Give the connection to the storage back; the next use opens another."""
    global _queue
    if _queue is not None:
        _queue.huey.storage.close()
    _queue = None


def wake() -> None:
    """Tell the workers that there is something to do. Never raises: the outbox is the truth."""
    global _quiet_until
    if time.monotonic() < _quiet_until:
        return
    try:
        _connected().deliver()
    except Exception as error:  # Each storage fails in its own way.
        _quiet_until = time.monotonic() + _PAUSE_SECONDS
        _log.warning("task_queue_away", error=type(error).__name__)


def consumer(
    deliver: Callable[[], object], each_minute: Callable[[], object], threads: int
) -> "Consumer":
    """What a worker runs: `deliver` whenever somebody calls `wake`, `each_minute` as named."""
    from huey import crontab

    global _deliver
    _deliver = deliver
    queue = _connected().huey
    queue.periodic_task(crontab(), name="each_minute")(each_minute)
    return queue.create_consumer(
        workers=threads,
        initial_delay=0.05,
        max_delay=0.4,
        graceful_signal="TERM",
        health_check_interval=1,
    )


def _do() -> None:
    if _deliver is not None:
        _deliver()


def _connected() -> "_Queue":
    global _queue
    with _connecting:
        if _queue is None:
            huey = _made(_url)
            _queue = _Queue(huey, huey.task(name="deliver")(_do))
        return _queue


def _made(url: str) -> "Huey":
    # Imported here: web processes that never send a message need not load it.
    from huey import PostgresHuey, RedisHuey, SqliteHuey

    if url.startswith("sqlite:///"):
        return SqliteHuey(_NAME, results=False, filename=url.removeprefix("sqlite:///"), timeout=1)
    if url.startswith("postgresql"):
        # The application names its driver with a plus, which psycopg does not know.
        dsn = f"postgresql://{url.partition('://')[2]}"
        return PostgresHuey(_NAME, results=False, dsn=dsn, connect_timeout=1)
    # A store that hangs must not hold requests up; reading blocks for a second by itself.
    patience = f"socket_connect_timeout={_SECONDS_TO_CONNECT}&socket_timeout=2"
    return RedisHuey(_NAME, results=False, url=f"{url}{'&' if '?' in url else '?'}{patience}")
