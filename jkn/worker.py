"""The worker: a process of its own that hands messages over and does what repeats.

`make run` starts one beside the server; `python -m jkn.worker` starts another anywhere.
"""

import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog

from jkn import database
from jkn.database_version import is_up_to_date
from jkn.gateways import task_queue
from jkn.logs import configure_logging
from jkn.services.basics import runtime
from jkn.services.messaging import deliveries
from jkn.services.operations import periodic
from jkn.settings import UnsafeSettings, load_settings

# How long a message waits at most when nobody wakes the worker: while the queue is away, or
# when it is due later.
_LOOKS_EVERY_SECONDS = 1.0

# Set for a worker whose standard input ends with the process that started it.
_BESIDE = "JKN_WORKER_ENDS_WITH_PARENT"
_SECONDS_TO_END = 15

_log = structlog.get_logger(__name__)


@contextmanager
def beside() -> Iterator[None]:
    """A worker in a process of its own while the block runs; one that dies is replaced."""
    stop = threading.Event()
    watch = threading.Thread(target=_watch, args=(stop,), name="worker")
    watch.start()
    try:
        yield
    finally:
        stop.set()
        watch.join()


def _watch(stop: threading.Event) -> None:
    while not stop.is_set():
        command = [sys.executable, "-m", "jkn.worker"]
        process = subprocess.Popen(  # noqa: S603  our own module, by our own interpreter
            command, stdin=subprocess.PIPE, env={**os.environ, _BESIDE: "1"}
        )
        while process.poll() is None and not stop.wait(0.2):
            pass
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(_SECONDS_TO_END)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        elif not stop.is_set():
            _log.error("worker_died", status=process.returncode)
            stop.wait(1.0)


def main() -> None:
    """Work until told to stop (SIGTERM), and end what is under way first."""
    try:
        settings = load_settings()
    except UnsafeSettings as error:
        sys.exit(str(error))
    configure_logging(settings.log_level, as_json=settings.is_production)
    # Each failed look into a queue that is away would be a page of its own.
    logging.getLogger("huey").setLevel(logging.CRITICAL)
    if not is_up_to_date(database.connect(settings)):
        sys.exit("The database is not at this version's migrations: run `flask prepare` first.")
    runtime.bind(settings)
    task_queue.configure(settings.queue_url)
    # Made now: a worker that has nobody to hand messages to must not take them.
    deliveries.gateways()
    _end_with_parent()
    stop = threading.Event()
    looks = threading.Thread(target=_look_now_and_then, args=(stop,), name="looks")
    looks.start()
    try:
        task_queue.consumer(_deliver, _repeat, settings.worker_threads).run()
    finally:
        stop.set()
        looks.join()


def _look_now_and_then(stop: threading.Event) -> None:
    while not stop.wait(_LOOKS_EVERY_SECONDS):
        try:
            _deliver()
        except Exception as error:  # The database may be away; it comes back.
            _log.warning("outbox_away", error=type(error).__name__)


def _deliver() -> None:
    _within_session(deliveries.deliver_due)


def _repeat() -> None:
    _within_session(periodic.run_due)


def _within_session(work: Callable[[], object]) -> None:
    try:
        work()
    finally:
        database.session.remove()


def _end_with_parent() -> None:
    """A server that is killed must not leave its worker behind: its end of the pipe closes."""
    if os.environ.get(_BESIDE) != "1":
        return

    def wait_for_the_end() -> None:
        sys.stdin.read()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait_for_the_end, daemon=True, name="parent").start()


if __name__ == "__main__":
    main()
