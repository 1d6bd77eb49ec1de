"""The worker: a process of its own that hands messages over and does the periodic work.

`make run` starts one beside the server; `python -m jkn.worker` starts another anywhere.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from jkn import database
from jkn.database_version import is_up_to_date
from jkn.logs import configure_logging
from jkn.services.basics import dated_rules, runtime
from jkn.services.basics.rule_files import UnusableRules
from jkn.services.messaging import deliveries
from jkn.services.operations import periodic
from jkn.settings import UnsafeSettings, load_settings

# How often a worker with nothing to do looks for messages (docs/decisions/0030).
LOOKS_EVERY_SECONDS = 0.25
_REPEATS_EVERY_SECONDS = 60.0
# The pause after a failure: a database that is away must not be flooded, nor fill the log.
_PAUSE_SECONDS = 1.0

# The id of the process with which a worker ends.
_ENDS_WITH = "JKN_WORKER_ENDS_WITH"
_SECONDS_TO_END = 15
_ENDS = {signal.SIGTERM, signal.SIGINT}

_log = structlog.get_logger(__name__)


@contextmanager
def beside() -> Iterator[None]:
    """Run a worker in a process of its own during the block. One that dies is replaced."""
    stop = threading.Event()
    # The first one is not started in the thread. `Popen` learns that a process has started by the
    # end of a pipe; web processes that are forked meanwhile would keep that pipe open, and `Popen`
    # would wait for as long as they live.
    watch = threading.Thread(target=_watch, args=(stop, _start()), name="worker")
    watch.start()
    try:
        yield
    finally:
        stop.set()
        watch.join()


def _start() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "jkn.worker"],
        stdin=subprocess.DEVNULL,
        env={**os.environ, _ENDS_WITH: str(os.getpid())},
    )


def _watch(stop: threading.Event, process: subprocess.Popen[bytes]) -> None:
    while not stop.wait(0.2):
        if process.poll() is not None:
            _log.error("worker_died", status=process.returncode)
            if stop.wait(1.0):
                return
            process = _start()
    process.terminate()
    try:
        process.wait(_SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def main() -> None:
    """Work until a signal (SIGTERM, SIGINT), then finish what is under way and end."""
    try:
        settings = load_settings()
        runtime.bind(settings)
        dated_rules.rule_book()
    except (UnsafeSettings, UnusableRules) as error:
        sys.exit(str(error))
    configure_logging(settings.log_level, as_json=settings.is_production)
    if not is_up_to_date(database.connect(settings)):
        sys.exit("The database is not at this version's migrations: run `flask prepare` first.")
    # Made before any message is taken: without gateways a worker must not take one.
    deliveries.gateways()
    # Before any thread begins: no thread may be interrupted, only `sigwait` below takes signals.
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDS)
    _end_with_parent()
    with _working(settings.worker_threads):
        _log.info("worker_begins", process=os.getpid())
        signal.sigwait(_ENDS)
        _log.info("worker_ends")


@contextmanager
def _working(threads: int) -> Iterator[None]:
    """Hand messages over and do periodic work during the block. After it, everything that was under
    way has ended."""
    stop, looking = threading.Event(), threading.Lock()
    team = [threading.Thread(target=_hand_over, args=(stop, looking)) for _ in range(threads)]
    team.append(threading.Thread(target=_repeat, args=(stop,)))
    for it in team:
        it.start()
    try:
        yield
    finally:
        stop.set()
        for it in team:
            it.join()


def _hand_over(stop: threading.Event, looking: threading.Lock) -> None:
    while (taken := next_message(stop, looking)) is not None:
        with _going_on(stop):
            deliveries.hand_over(taken)


def next_message(stop: threading.Event, looking: threading.Lock) -> deliveries.Taken | None:
    """Wait for a message that is due, and take it for this thread; None: the worker has to stop.

    One thread looks while the others wait for the lock `looking`, so that many threads cost no more
    than one while nothing is due. After a message is found, the next thread looks at once.
    """
    with looking:
        while not stop.is_set():
            with _going_on(stop):
                if (taken := deliveries.take_due()) is not None:
                    return taken
            stop.wait(LOOKS_EVERY_SECONDS)
    return None


def _repeat(stop: threading.Event) -> None:
    while not stop.is_set():
        with _going_on(stop):
            periodic.run_due()
        stop.wait(_REPEATS_EVERY_SECONDS)


@contextmanager
def _going_on(stop: threading.Event) -> Iterator[None]:
    try:
        yield
    except Exception as error:  # The database may be away; it will come back.
        _log.warning("database_away", error=type(error).__name__)
        stop.wait(_PAUSE_SECONDS)
    finally:
        database.session.remove()


def _end_with_parent() -> None:
    """End this worker when the server beside it has ended, also when that was killed."""
    parent = os.environ.get(_ENDS_WITH)
    if parent is None:
        return

    def wait_for_the_end() -> None:
        # A pipe would not tell: the server's web processes would hold it open, too.
        while str(os.getppid()) == parent:
            time.sleep(1.0)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait_for_the_end, daemon=True, name="parent").start()


if __name__ == "__main__":
    main()
