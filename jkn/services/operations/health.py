"""Whether this process can do its work: the database answers and has a usable schema, and a worker
takes the messages (security.md R98)."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from threading import Lock, Thread
from typing import Generic, TypeVar

import structlog

from jkn.database import is_writable, session
from jkn.database_version import Schema, schema_of
from jkn.services.basics import runtime
from jkn.services.messaging import backlog
from jkn.services.messaging.backlog import Backlog

# A load balancer asks every few seconds, and waits about as long for an answer.
PATIENCE_SECONDS = 2.0
_LEAVING = "leaving"

_log = structlog.get_logger(__name__)

T = TypeVar("T")


def announce_leaving(run_dir: Path) -> None:
    """Note that the server was told to end: from now on none of its processes is ready. `run_dir`:
    the folder that they share."""
    (run_dir / _LEAVING).touch()


def is_leaving() -> bool:
    """Whether this server was told to end."""
    # The folder that the processes of one server share; None: this process is alone.
    run_dir = runtime.settings().run_dir
    return run_dir is not None and (run_dir / _LEAVING).exists()


@dataclass(frozen=True)
class Findings:
    """What the database answered. `is_writable`: it takes writes, which a sign-in needs."""

    is_writable: bool
    schema: Schema
    backlog: Backlog

    @property
    def is_schema_usable(self) -> bool:
        """Also a newer schema is: a new release migrates first, while this one still serves."""
        return self.schema in (Schema.SAME, Schema.NEWER)


class _Bounded(Generic[T]):
    """Asks the database in a thread of its own, since no driver limits every wait by itself. Only
    one thread asks at a time, and calls meanwhile share its answer: a database that hangs holds up
    one thread and one connection, however often somebody asks."""

    def __init__(self, question: Callable[[], T]) -> None:
        self._question = question
        self._lock = Lock()
        self._asked: Future[T] | None = None

    def answer(self) -> T | None:
        """The answer; None when asking fails or takes longer than `PATIENCE_SECONDS`."""
        with self._lock:
            asked = self._asked
            if asked is None or asked.done():
                asked = self._asked = Future()
                Thread(target=self._ask, args=(asked,), daemon=True, name="health").start()
        try:
            return asked.result(PATIENCE_SECONDS)
        except Exception as error:  # Each driver fails in its own way.
            _log.warning("database_does_not_answer", error=type(error).__name__)
            return None

    def _ask(self, asked: "Future[T]") -> None:
        try:
            try:
                answer = self._question()
            finally:
                session.remove()
        except BaseException as error:
            asked.set_exception(error)
        else:
            asked.set_result(answer)


def _look() -> Findings:
    return Findings(is_writable(), schema_of(session.connection()), backlog.standing())


_findings = _Bounded(_look)
_last_hour = _Bounded(backlog.standing_and_last_hour)


def look() -> Findings | None:
    """What the database answers now; None when it does not within two seconds."""
    return _findings.answer()


def figures() -> Backlog | None:
    """The outbox now and in the last hour; None when the database does not answer within two
    seconds."""
    return _last_hour.answer()
