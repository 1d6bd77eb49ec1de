"""Periodic work. Of many workers, the one that moves `due_at` on does it."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import structlog

from jkn.database import insert_into, session, transactional
from jkn.models import PeriodicRun
from jkn.services.audit import audit_seals
from jkn.services.basics import clock
from jkn.services.changes import pending_changes
from jkn.services.messaging import deliveries
from jkn.services.operations import retention
from jkn.services.sessions import session_lifetime

_log = structlog.get_logger(__name__)

# The name of each piece of work, how often it is done, and the function. Doing one of them twice
# does no harm.
WORK: dict[str, tuple[timedelta, Callable[[], int]]] = {
    "deliveries.wipe_expired": (timedelta(minutes=1), deliveries.wipe_expired),
    "sessions.end_expired": (timedelta(minutes=1), session_lifetime.end_expired),
    "event_seals.seal_due": (timedelta(minutes=1), audit_seals.seal_due),
    "retention.purge": (timedelta(minutes=10), retention.purge),
    # The last, since on the first of a month it takes its time.
    "pending_changes.apply_due": (timedelta(minutes=1), pending_changes.apply_due),
}


def run_due() -> list[str]:
    """Do the work that is due and that no other worker does; returns its names. A failure is
    logged; it does not stop the other work, and the next try is at the next due time."""
    done = []
    for name, (every, work) in WORK.items():
        if not _is_mine(name, every):
            continue
        try:
            rows = work()
        except Exception:
            _log.exception("periodic_work_failed", work=name)
        else:
            _log.info("periodic_work_done", work=name, rows=rows)
            done.append(name)
    return done


def run_all() -> Iterator[tuple[str, int]]:
    """Do all of it now, whenever it was done last; yields the name of each and how many rows it
    touched. For operators who run no worker, or do not want to wait."""
    for name, (_, work) in WORK.items():
        yield name, work()


@transactional
def _is_mine(name: str, every: timedelta) -> bool:
    now = clock.now()
    moved = session.execute(
        insert_into(PeriodicRun)
        .values(name=name, due_at=now + every)
        .on_conflict_do_update(
            index_elements=["name"], set_={"due_at": now + every}, where=PeriodicRun.due_at <= now
        )
        .returning(PeriodicRun.name)
    )
    return moved.first() is not None
