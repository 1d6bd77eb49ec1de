"""Failure counters by person, and the backoff after wrong passwords, codes, PINs and answers.

An attempt is counted as failed before it is looked at, by one conditional statement; when it was
right, the counter begins anew. However many attempts arrive at once, on however many servers, no
more are looked at than the backoff allows (security.md R06, R16, R43; NIST SP 800-63B-4 3.2.2).
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from sqlalchemy import BigInteger, ColumnElement, case, cast, delete, literal, select, update

from jkn.database import blind_index, insert_into, session
from jkn.models import FailureCounter
from jkn.services.basics import clock
from jkn.services.throttling.retry_after import RetryAfter, milliseconds, moment, span

_NEVER = 2**31 - 1
_DOUBLINGS_AT_MOST = 10
# A thousand years: never again in practice, and still a time that database and Python can hold.
_FOR_EVER = timedelta(days=365_000)


@dataclass(frozen=True)
class Backoff:
    """How the wait grows with failures in a row. The first `free` of them are followed by no wait,
    the next one by `first`, each further one by twice as much, up to `longest`. After `closed_at`
    failures no attempt is looked at any more."""

    free: int
    first: timedelta
    longest: timedelta
    closed_at: int = _NEVER

    def wait_after(self, failures: int) -> timedelta:
        """How long the next attempt waits after this many failures in a row."""
        if failures <= self.free:
            return timedelta()
        doublings = min(failures - self.free - 1, _DOUBLINGS_AT_MOST)
        return min(self.first * (1 << doublings), self.longest)

    def held_after(self, failures: int) -> timedelta:
        """The same, as the counters keep it: after `closed_at` failures the wait never ends."""
        return _FOR_EVER if failures >= self.closed_at else self.wait_after(failures)


# NIST SP 800-63B-4 3.2.2: a hundred wrong passwords in a row close it.
PASSWORD_BACKOFF = Backoff(
    free=4, first=timedelta(seconds=30), longest=timedelta(hours=1), closed_at=100
)


def person_key(person: str, *, is_known: bool = False) -> bytes:
    """The key of a person's counter. `person`: who, and what is counted, as one text. `is_known`:
    failures from browsers that the account knows are counted apart, so that no stranger holds them
    up (security.md R113)."""
    return blind_index("try_counters.person", f"known:{person}" if is_known else person)[0]


def count_attempt(key: bytes, backoff: Backoff) -> RetryAfter | None:
    """Count an attempt before it is looked at, in the transaction under way. None: look at it now;
    RetryAfter: it is not looked at."""
    now = milliseconds(clock.now())
    not_before = now + span(backoff.held_after(1))
    admitted = session.execute(
        insert_into(FailureCounter)
        .values(key=key, tries=1, failures=1, turned_away=0, not_before=not_before, last_try=now)
        .on_conflict_do_update(
            index_elements=["key"],
            set_={
                "tries": FailureCounter.tries + 1,
                "failures": FailureCounter.failures + 1,
                "turned_away": 0,
                "not_before": literal(now) + _wait_of_next_failure(backoff),
                "last_try": now,
            },
            where=(FailureCounter.not_before <= now)
            & (FailureCounter.failures < backoff.closed_at),
        )
        .returning(FailureCounter.failures)
    ).one_or_none()
    if admitted is not None:
        return None
    row = session.execute(
        update(FailureCounter)
        .where(FailureCounter.key == key)
        .values(
            tries=FailureCounter.tries + 1, turned_away=FailureCounter.turned_away + 1, last_try=now
        )
        .returning(FailureCounter.failures, FailureCounter.turned_away, FailureCounter.not_before)
    ).one()
    until = None if row.failures >= backoff.closed_at else moment(row.not_before)
    return RetryAfter(until, row.failures, is_first=row.turned_away == 1)


def retry_after_of(key: bytes, backoff: Backoff) -> RetryAfter | None:
    """What an attempt at this moment would get, without counting one. None: it is looked at."""
    return standing_of(key, backoff)[1]


def standing_of(key: bytes, backoff: Backoff) -> tuple[int, RetryAfter | None]:
    """How many attempts failed since the last right one, and what `retry_after_of` says, by one
    query."""
    row = session.get(FailureCounter, key, populate_existing=True)
    if row is None:
        return 0, None
    if row.failures >= backoff.closed_at:
        return row.failures, RetryAfter(None, row.failures)
    until = moment(row.not_before)
    is_held = until > clock.now()
    return row.failures, RetryAfter(until, row.failures) if is_held else None


def failures_of(key: bytes) -> int:
    """How many attempts failed since the last right one."""
    return session.scalar(select(FailureCounter.failures).where(FailureCounter.key == key)) or 0


def reset(key: bytes) -> int:
    """Let the counter begin anew after a right attempt. Returns how many attempts before that one
    had failed or were turned away."""
    counted = (
        delete(FailureCounter).where(FailureCounter.key == key).returning(FailureCounter.tries)
    )
    return max(0, (session.scalar(counted) or 1) - 1)


@cache
def _wait_of_next_failure(backoff: Backoff) -> ColumnElement[int]:
    """`held_after(failures + 1)` in SQL, so that one statement counts and sets the wait."""
    steps = [(FailureCounter.failures >= backoff.closed_at - 1, literal(span(_FOR_EVER)))]
    failures = 0
    while (wait := backoff.wait_after(failures + 1)) < backoff.longest:
        steps.append((FailureCounter.failures == failures, literal(span(wait))))
        failures += 1
    return cast(case(*steps, else_=literal(span(backoff.longest))), BigInteger)
