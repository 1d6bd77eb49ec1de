"""Work that repeats, done by one of many workers: whoever moves its time on does it."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import structlog

from jkn.database import insert_into, session, transactional
from jkn.models import PeriodicRun
from jkn.services import (
    account_freeze,
    captcha,
    clock,
    deliveries,
    event_seals,
    known_devices,
    one_time_codes,
    passkey_ceremonies,
    passkey_devices,
    passkey_enrolment,
    pin_changes,
    recovery_attempts,
    registration_drafts,
    saved_usernames,
    sessions,
    waits,
)

_log = structlog.get_logger(__name__)

# What, how often, and what does it. Each is harmless when it is done twice.
WORK: dict[str, tuple[timedelta, Callable[[], int]]] = {
    "outbox.wipe_expired": (timedelta(minutes=1), deliveries.wipe_expired),
    "outbox.forget_old": (timedelta(hours=1), deliveries.forget_old),
    "captcha.forget_expired": (timedelta(minutes=10), captcha.forget_expired),
    "waits.forget_old": (timedelta(hours=1), waits.forget_old),
    "one_time_codes.forget_expired": (timedelta(minutes=10), one_time_codes.forget_expired),
    "registration_drafts.forget_old": (timedelta(hours=1), registration_drafts.forget_old),
    "passkey_ceremonies.forget_expired": (timedelta(minutes=10), passkey_ceremonies.forget_expired),
    "passkey_enrolment.forget_old": (timedelta(hours=1), passkey_enrolment.forget_old),
    "passkey_devices.forget_old": (timedelta(hours=24), passkey_devices.forget_old),
    "pin_changes.forget_old": (timedelta(hours=1), pin_changes.forget_old),
    "recovery_attempts.forget_old": (timedelta(hours=1), recovery_attempts.forget_old),
    "account_freeze.forget_old_links": (timedelta(hours=1), account_freeze.forget_old_links),
    "sessions.end_expired": (timedelta(minutes=1), sessions.end_expired),
    "event_seals.seal_due": (timedelta(minutes=1), event_seals.seal_due),
    "known_devices.forget_old": (timedelta(hours=24), known_devices.forget_old),
    "saved_usernames.forget_old": (timedelta(hours=24), saved_usernames.forget_old),
}


def run_due() -> list[str]:
    """Do what is due and nobody else does; returns the names. What fails is logged and comes
    again at its next time; it does not keep the rest from being done."""
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
    """Do all of it now, whenever it was done last: what each is called, and how many rows it
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
