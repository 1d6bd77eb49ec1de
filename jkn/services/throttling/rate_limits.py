"""Rate limits: how often one source, one person or everybody together may have something.

Each is taken from by one conditional statement, like the failure counters (security.md R19, R30,
R80). A limit is kept as the time when it will be whole again, so that it refills by itself.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import case, func, select, update

from jkn.database import blind_index, insert_into, session
from jkn.models import SpentRateLimit
from jkn.services.basics import clock
from jkn.services.basics.sources import network_of, networks_of
from jkn.services.throttling.retry_after import RetryAfter, milliseconds, moment, span


@dataclass(frozen=True)
class RateLimit:
    """`burst`: how many may be had at once. `interval`: the time after which one more may."""

    burst: int
    interval: timedelta

    @property
    def whole_after(self) -> timedelta:
        """How long until a limit that was spent to the last is whole again."""
        return self.burst * self.interval


def within_an_hour(most: int) -> RateLimit:
    """At most `most` in any hour: half of them at once, and the other half one by one."""
    return RateLimit(burst=max(1, most // 2), interval=timedelta(hours=2) / most)


# So little may have been taken from the limits of a source that is inconspicuous.
_HARDLY = 3
# Thousands of people share a carrier's address: what succeeds costs it nothing.
FAILURES_OF_A_SOURCE = RateLimit(burst=60, interval=timedelta(seconds=10))


def take_of_source(address: str, what: str, limit: RateLimit) -> RetryAfter | None:
    """Take one from the limit of the address, and of each wider network around it, in the
    transaction under way. None: there was one left in all of them. Otherwise nothing is taken."""
    asked = [(key, wide, take(key, wide)) for key, wide in _of_networks(address, what, limit)]
    refused = [it for _, _, it in asked if it is not None]
    if not refused:
        return None
    for key, wide, retry_after in asked:
        if retry_after is None:
            give_back(key, wide)
    return max(refused, key=lambda it: it.until or clock.now())


def give_back_to_source(address: str, what: str, limit: RateLimit) -> None:
    """Undo one `take_of_source`, in the transaction under way."""
    for key, wide in _of_networks(address, what, limit):
        give_back(key, wide)


def is_inconspicuous(address: str, what: str, limit: RateLimit) -> bool:
    """Whether hardly anything was taken lately from the limits of this source: a part of what
    everybody shares is kept for such sources."""
    keys = [key for key, _ in _of_networks(address, what, limit)]
    spent = session.scalar(
        select(func.max(SpentRateLimit.whole_at)).where(SpentRateLimit.key.in_(keys))
    )
    return (spent or 0) <= milliseconds(clock.now()) + _HARDLY * span(limit.interval)


def _of_networks(address: str, what: str, limit: RateLimit) -> list[tuple[bytes, RateLimit]]:
    return [
        (limit_key(what, network), RateLimit(times * limit.burst, limit.interval / times))
        for network, times in networks_of(address)
    ]


def source_key(address: str, what: str) -> bytes:
    """The key of the rate limit of one source for `what`."""
    return limit_key(what, network_of(address))


def limit_key(what: str, whose: str) -> bytes:
    """The key of the rate limit of `whose` (a source, a person, everybody) for `what`."""
    return blind_index(f"spent_budgets.{what}", whose)[0]


def take(key: bytes, limit: RateLimit, *, leaving: int = 0) -> RetryAfter | None:
    """Take one, in the transaction under way. None: there was one left, and at least as many as
    `leaving` are left for others."""
    burst = limit.burst - leaving
    if _spend(key, RateLimit(burst, limit.interval)):
        return None
    return _retry_after(key, RateLimit(burst, limit.interval))


def retry_after_of(key: bytes, limit: RateLimit, *, leaving: int = 0) -> RetryAfter | None:
    """What `take` would return, without taking."""
    retry_after = _retry_after(key, RateLimit(limit.burst - leaving, limit.interval))
    return retry_after if (retry_after.until or clock.now()) > clock.now() else None


def _retry_after(key: bytes, limit: RateLimit) -> RetryAfter:
    whole_at = session.scalar(select(SpentRateLimit.whole_at).where(SpentRateLimit.key == key)) or 0
    return RetryAfter(moment(whole_at - (limit.burst - 1) * span(limit.interval)))


def is_first_turned_away(key: bytes, again_after: timedelta) -> bool:
    """Whether this limit turned nobody away during the last `again_after`. Of many calls at once
    one gets True. Within the transaction under way."""
    told = limit_key("turned away", key.hex())
    return _spend(told, RateLimit(burst=1, interval=again_after))


def _spend(key: bytes, limit: RateLimit) -> bool:
    """One conditional statement, so that of many calls at once no more pass than are left."""
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
    """Undo one `take`, in the transaction under way."""
    session.execute(
        update(SpentRateLimit)
        .where(SpentRateLimit.key == key)
        .values(whole_at=SpentRateLimit.whole_at - span(limit.interval))
    )
