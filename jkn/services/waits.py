"""Waits after wrong passwords, in two independent counters: by person and by source.

A try is counted before it is looked at and taken back when it succeeds, each by one conditional
UPDATE: however many arrive at once, on however many servers, no more are looked at than the
rule allows (security.md R06, R80; NIST SP 800-63B-4 3.2.2).
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address, ip_address

from sqlalchemy import BigInteger, ColumnElement, case, cast, delete, literal, select, update

from jkn.database import blind_index, insert_into, session, transactional
from jkn.models import SourceBudget, TryCounter
from jkn.services import clock

# Wrong passwords in a row that cost no wait, and how many close the password.
FREE_FAILURES = 4
CLOSED_AT = 100
_FIRST_WAIT = timedelta(seconds=30)
_LONGEST_WAIT = timedelta(hours=1)
_DOUBLINGS_AT_MOST = 10

# A source may fail this often at once, and once an interval after that. A carrier's shared
# address stands for thousands of people: what succeeds costs it nothing.
SOURCE_BURST = 60
SOURCE_INTERVAL = timedelta(seconds=10)

_KEPT = timedelta(days=90)


@dataclass(frozen=True)
class Wait:
    """`until`: when the next try will be looked at; None: never, until a recovery. `failures`:
    how many wrong passwords led here. `is_first`: nobody was turned away by this wait before."""

    until: datetime | None
    failures: int = 0
    is_first: bool = False


def wait_after(failures: int) -> timedelta:
    """How long to wait after this many wrong passwords in a row."""
    if failures <= FREE_FAILURES:
        return timedelta()
    doublings = min(failures - FREE_FAILURES - 1, _DOUBLINGS_AT_MOST)
    return min(_FIRST_WAIT * (1 << doublings), _LONGEST_WAIT)


def person_key(person: str) -> bytes:
    """What one person's tries are counted under, whatever number they are known by."""
    return blind_index("try_counters.person", person)[0]


def source_key(address: str) -> bytes:
    """What one source's tries are counted under. A home has a whole IPv6 network (/64)."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return blind_index("source_budgets.source", "unknown")[0]
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        address = str(IPv6Address(int(parsed) >> 64 << 64))
    return blind_index("source_budgets.source", address)[0]


def take_try(person: bytes) -> Wait | None:
    """Count a try of this person before it is looked at; None: look at it now.

    Within the transaction under way.
    """
    now = _milliseconds(clock.now())
    admitted = session.execute(
        insert_into(TryCounter)
        .values(key=person, tries=1, failures=1, turned_away=0, not_before=now, last_try=now)
        .on_conflict_do_update(
            index_elements=["key"],
            set_={
                "tries": TryCounter.tries + 1,
                "failures": TryCounter.failures + 1,
                "turned_away": 0,
                "not_before": literal(now) + _wait_of_next_failure(),
                "last_try": now,
            },
            where=(TryCounter.not_before <= now) & (TryCounter.failures < CLOSED_AT),
        )
        .returning(TryCounter.failures)
    ).one_or_none()
    if admitted is not None:
        return None
    row = session.execute(
        update(TryCounter)
        .where(TryCounter.key == person)
        .values(tries=TryCounter.tries + 1, turned_away=TryCounter.turned_away + 1, last_try=now)
        .returning(TryCounter.failures, TryCounter.turned_away, TryCounter.not_before)
    ).one()
    until = None if row.failures >= CLOSED_AT else _moment(row.not_before)
    return Wait(until, row.failures, is_first=row.turned_away == 1)


def forgive_person(person: bytes) -> int:
    """A right password begins a new row; returns how many tries before it had failed."""
    counted = delete(TryCounter).where(TryCounter.key == person).returning(TryCounter.tries)
    return max(0, (session.scalar(counted) or 1) - 1)


def take_source(source: bytes) -> Wait | None:
    """Take one try from the source's budget; None: there was one left.

    The budget is kept as the moment when it will be whole again, so that time refills it.
    """
    now = _milliseconds(clock.now())
    interval = _span(SOURCE_INTERVAL)
    spent_at_most = now + (SOURCE_BURST - 1) * interval
    still_spent = case((SourceBudget.whole_at < now, now), else_=SourceBudget.whole_at)
    taken = session.execute(
        insert_into(SourceBudget)
        .values(key=source, whole_at=now + interval)
        .on_conflict_do_update(
            index_elements=["key"],
            set_={"whole_at": still_spent + interval},
            where=SourceBudget.whole_at <= spent_at_most,
        )
        .returning(SourceBudget.key)
    ).one_or_none()
    if taken is not None:
        return None
    whole_at = session.scalar(select(SourceBudget.whole_at).where(SourceBudget.key == source)) or 0
    return Wait(_moment(whole_at - (SOURCE_BURST - 1) * interval))


def give_back_source(source: bytes) -> None:
    """The try that was taken succeeded. Within the transaction under way."""
    session.execute(
        update(SourceBudget)
        .where(SourceBudget.key == source)
        .values(whole_at=SourceBudget.whole_at - _span(SOURCE_INTERVAL))
    )


@transactional
def forget_old() -> int:
    """Delete counters that nobody touched for long; returns how many."""
    now = clock.now()
    old = delete(TryCounter).where(TryCounter.last_try < _milliseconds(now - _KEPT))
    whole = delete(SourceBudget).where(SourceBudget.whole_at < _milliseconds(now))
    return sum(
        len(session.execute(it).all())
        for it in (old.returning(TryCounter.key), whole.returning(SourceBudget.key))
    )


def _wait_of_next_failure() -> ColumnElement[int]:
    """`wait_after(failures + 1)` in SQL, so that counting and waiting are one statement."""
    steps = []
    failures = 0
    while (wait := wait_after(failures + 1)) < _LONGEST_WAIT:
        steps.append((TryCounter.failures == failures, literal(_span(wait))))
        failures += 1
    return cast(case(*steps, else_=literal(_span(_LONGEST_WAIT))), BigInteger)


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def _span(duration: timedelta) -> int:
    return int(duration.total_seconds() * 1000)
