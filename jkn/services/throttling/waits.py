"""Waits after wrong passwords and codes: counters of tries by person, budgets by source.

A try is counted before it is looked at and taken back when it succeeds, each by one conditional
UPDATE: however many arrive at once, on however many servers, no more are looked at than the
rule allows (security.md R06, R80; NIST SP 800-63B-4 3.2.2).
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from ipaddress import IPv6Address, ip_address

from sqlalchemy import BigInteger, ColumnElement, case, cast, delete, literal, select, update

from jkn.database import blind_index, insert_into, session
from jkn.models import FailureCounter, SpentRateLimit
from jkn.services.basics import clock

_NEVER = 2**31 - 1
_DOUBLINGS_AT_MOST = 10
_KEPT = timedelta(days=90)
# Longer than anybody counts, and still a moment that the database and Python can hold.
_FOR_EVER = timedelta(days=365_000)


@dataclass(frozen=True)
class Backoff:
    """How waits grow with wrong tries in a row: `free` of them cost nothing, the next costs
    `first`, each further one twice as much up to `longest`; `closed_at` of them end it all."""

    free: int
    first: timedelta
    longest: timedelta
    closed_at: int = _NEVER

    def wait_after(self, failures: int) -> timedelta:
        """How long to wait after this many wrong tries in a row."""
        if failures <= self.free:
            return timedelta()
        doublings = min(failures - self.free - 1, _DOUBLINGS_AT_MOST)
        return min(self.first * (1 << doublings), self.longest)

    def held_after(self, failures: int) -> timedelta:
        """The same, as the counters keep it: what is closed waits for ever."""
        return _FOR_EVER if failures >= self.closed_at else self.wait_after(failures)


@dataclass(frozen=True)
class RateLimit:
    """What may be had at once, and how long until one more may."""

    burst: int
    interval: timedelta

    @property
    def whole_after(self) -> timedelta:
        """How long until what was spent to the last is whole again."""
        return self.burst * self.interval


# NIST SP 800-63B-4 3.2.2: a hundred wrong passwords in a row close it.
PASSWORD_BACKOFF = Backoff(
    free=4, first=timedelta(seconds=30), longest=timedelta(hours=1), closed_at=100
)
# A carrier's shared address stands for thousands of people: what succeeds costs it nothing.
FAILURES_OF_A_SOURCE = RateLimit(burst=60, interval=timedelta(seconds=10))


@dataclass(frozen=True)
class RetryAfter:
    """`until`: when the next try will be looked at; None: never, until a recovery. `failures`:
    how many wrong tries led here. `is_first`: nobody was turned away by this wait before."""

    until: datetime | None
    failures: int = 0
    is_first: bool = False


def person_key(person: str) -> bytes:
    """What one person's tries are counted under, whatever number they are known by."""
    return blind_index("try_counters.person", person)[0]


def source_key(address: str, what: str = "passwords") -> bytes:
    """The budget of one source for one thing. A home has a whole IPv6 network (/64)."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return limit_key(what, "unknown")
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        address = str(IPv6Address(int(parsed) >> 64 << 64))
    return limit_key(what, address)


def limit_key(what: str, whose: str) -> bytes:
    """What somebody's budget for something is kept under."""
    return blind_index(f"spent_budgets.{what}", whose)[0]


def count_attempt(key: bytes, ladder: Backoff) -> RetryAfter | None:
    """Count a try before it is looked at; None: look at it now.

    Within the transaction under way.
    """
    now = milliseconds(clock.now())
    not_before = now + span(ladder.held_after(1))
    admitted = session.execute(
        insert_into(FailureCounter)
        .values(key=key, tries=1, failures=1, turned_away=0, not_before=not_before, last_try=now)
        .on_conflict_do_update(
            index_elements=["key"],
            set_={
                "tries": FailureCounter.tries + 1,
                "failures": FailureCounter.failures + 1,
                "turned_away": 0,
                "not_before": literal(now) + _wait_of_next_failure(ladder),
                "last_try": now,
            },
            where=(FailureCounter.not_before <= now) & (FailureCounter.failures < ladder.closed_at),
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
    until = None if row.failures >= ladder.closed_at else moment(row.not_before)
    return RetryAfter(until, row.failures, is_first=row.turned_away == 1)


def retry_after_of(key: bytes, ladder: Backoff) -> RetryAfter | None:
    """What a try now would be told; counts nothing."""
    row = session.get(FailureCounter, key, populate_existing=True)
    if row is None:
        return None
    if row.failures >= ladder.closed_at:
        return RetryAfter(None, row.failures)
    until = moment(row.not_before)
    return RetryAfter(until, row.failures) if until > clock.now() else None


def failures_of(key: bytes) -> int:
    """How many wrong tries there were since the last right one."""
    return session.scalar(select(FailureCounter.failures).where(FailureCounter.key == key)) or 0


def reset(key: bytes) -> int:
    """What was right begins a new row; returns how many tries before it had failed."""
    counted = (
        delete(FailureCounter).where(FailureCounter.key == key).returning(FailureCounter.tries)
    )
    return max(0, (session.scalar(counted) or 1) - 1)


def take(key: bytes, budget: RateLimit) -> RetryAfter | None:
    """Take one from a budget; None: there was one left.

    A budget is kept as the moment when it will be whole again, so that time refills it.
    """
    if _spend(key, budget):
        return None
    whole_at = session.scalar(select(SpentRateLimit.whole_at).where(SpentRateLimit.key == key)) or 0
    return RetryAfter(moment(whole_at - (budget.burst - 1) * span(budget.interval)))


def is_first_turned_away(key: bytes, again_after: timedelta) -> bool:
    """Whether nobody was turned away by this budget for so long: of many at once one is. Within
    the transaction under way."""
    told = limit_key("turned away", key.hex())
    return _spend(told, RateLimit(burst=1, interval=again_after))


def _spend(key: bytes, budget: RateLimit) -> bool:
    """One conditional statement, so that of many at once no more pass than there is left."""
    now = milliseconds(clock.now())
    interval = span(budget.interval)
    spent_at_most = now + (budget.burst - 1) * interval
    still_spent = case((SpentRateLimit.whole_at < now, now), else_=SpentRateLimit.whole_at)
    taken = session.execute(
        insert_into(SpentRateLimit)
        .values(key=key, whole_at=now + interval)
        .on_conflict_do_update(
            index_elements=["key"],
            set_={"whole_at": still_spent + interval},
            where=SpentRateLimit.whole_at <= spent_at_most,
        )
        .returning(SpentRateLimit.key)
    ).one_or_none()
    return taken is not None


def give_back(key: bytes, budget: RateLimit) -> None:
    """What was taken is not owed. Within the transaction under way."""
    session.execute(
        update(SpentRateLimit)
        .where(SpentRateLimit.key == key)
        .values(whole_at=SpentRateLimit.whole_at - span(budget.interval))
    )


@cache
def _wait_of_next_failure(ladder: Backoff) -> ColumnElement[int]:
    """`held_after(failures + 1)` in SQL, so that counting and waiting are one statement."""
    steps = [(FailureCounter.failures >= ladder.closed_at - 1, literal(span(_FOR_EVER)))]
    failures = 0
    while (wait := ladder.wait_after(failures + 1)) < ladder.longest:
        steps.append((FailureCounter.failures == failures, literal(span(wait))))
        failures += 1
    return cast(case(*steps, else_=literal(span(ladder.longest))), BigInteger)


def milliseconds(moment: datetime) -> int:
    """The moment as the counters keep it: the database adds to it."""
    return int(moment.timestamp() * 1000)


def moment(milliseconds: int) -> datetime:
    """Back from `milliseconds`."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def span(duration: timedelta) -> int:
    """A duration in milliseconds."""
    return int(duration.total_seconds() * 1000)
