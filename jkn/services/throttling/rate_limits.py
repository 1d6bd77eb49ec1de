"""Rate limits: how often one source, one person or everybody may have something. Each is one
conditional statement, as with failure counters (security.md R19, R30, R80)."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import case, select, update

from jkn.database import blind_index, insert_into, session
from jkn.models import SpentRateLimit
from jkn.services.basics import clock
from jkn.services.basics.sources import network_of
from jkn.services.throttling.retry_after import RetryAfter, milliseconds, moment, span


@dataclass(frozen=True)
class RateLimit:
    """What may be had at once, and how long until one more may."""

    burst: int
    interval: timedelta

    @property
    def whole_after(self) -> timedelta:
        """How long until what was spent to the last is whole again."""
        return self.burst * self.interval


def within_an_hour(most: int) -> RateLimit:
    """So many in any hour: half of them at once, and the other half one by one."""
    return RateLimit(burst=max(1, most // 2), interval=timedelta(hours=2) / most)


# A carrier's shared address stands for thousands of people: what succeeds costs it nothing.
FAILURES_OF_A_SOURCE = RateLimit(burst=60, interval=timedelta(seconds=10))


def source_key(address: str, what: str = "passwords") -> bytes:
    """What the rate limit of one source for one thing is kept under."""
    return limit_key(what, network_of(address))


def limit_key(what: str, whose: str) -> bytes:
    """What the rate limit of somebody for something is kept under."""
    return blind_index(f"spent_budgets.{what}", whose)[0]


def take(key: bytes, limit: RateLimit) -> RetryAfter | None:
    """Take one; None: there was one left.

    A limit is kept as the moment when it will be whole again, so that time refills it.
    """
    if _spend(key, limit):
        return None
    whole_at = session.scalar(select(SpentRateLimit.whole_at).where(SpentRateLimit.key == key)) or 0
    return RetryAfter(moment(whole_at - (limit.burst - 1) * span(limit.interval)))


def is_first_turned_away(key: bytes, again_after: timedelta) -> bool:
    """Whether nobody was turned away by this limit for so long: of many at once one is. Within
    the transaction under way."""
    told = limit_key("turned away", key.hex())
    return _spend(told, RateLimit(burst=1, interval=again_after))


def _spend(key: bytes, limit: RateLimit) -> bool:
    """One conditional statement, so that of many at once no more pass than there is left."""
    now = milliseconds(clock.now())
    interval = span(limit.interval)
    spent_at_most = now + (limit.burst - 1) * interval
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


def give_back(key: bytes, limit: RateLimit) -> None:
    """What was taken is not owed. Within the transaction under way."""
    session.execute(
        update(SpentRateLimit)
        .where(SpentRateLimit.key == key)
        .values(whole_at=SpentRateLimit.whole_at - span(limit.interval))
    )
