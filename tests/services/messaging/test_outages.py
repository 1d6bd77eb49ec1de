"""Six hours without any gateway, by the real delivery with its breakers: no warning is lost, no
code is late (security.md R91, R119)."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from jkn.database import session, transaction
from jkn.gateways.failover import Failover
from jkn.gateways.outgoing import Accepted, Email, Permanent, Sms, Temporary
from jkn.models import Channel, EventKind, MessageState, OutboxMessage
from jkn.services.audit import audit_log
from jkn.services.credentials import one_time_codes
from jkn.services.credentials.one_time_codes import Recipient
from jkn.services.messaging import backlog, deliveries
from jkn.services.messaging.deliveries import Gateways, deliver_due, wipe_expired
from tests.support.calls.code_calls import asked_by, write_message
from tests.support.calls.sign_in_calls import CLIENT
from tests.support.world.clock import BEGINNING, Clock
from tests.support.world.factories import make_account

pytestmark = [
    pytest.mark.usefixtures("database"),
    pytest.mark.parametrize("database_copies", ["sqlite"], indirect=True),
]

OUTAGE = timedelta(hours=6)
# The longest gap with its random part, a rest that a message may meet at its end, and two looks.
SOON = timedelta(minutes=30 * 1.25 + 3 + 2)
LOOKS_EVERY = timedelta(minutes=1)


@dataclass
class Gateway:
    """Out of order until `back_at`. It refuses what is marked so, as soon as it answers at all."""

    name: str
    back_at: datetime = BEGINNING + OUTAGE
    asked: int = 0
    received: dict[str, datetime] = field(default_factory=dict)

    def send(self, message: Sms | Email) -> Accepted:
        self.asked += 1
        if datetime.now(UTC) < self.back_at:
            raise Temporary("status 503")
        if "refuse me" in message.text:
            raise Permanent("status 422")
        self.received[message.idempotency_key] = datetime.now(UTC)
        return Accepted(self.name)


class World:
    """Each channel with two gateways, which fail alike, and a worker that looks at the outbox."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.gateways = [Gateway(it) for it in ("sms-1", "sms-2", "mail-1", "mail-2")]
        self._chains: list[Failover[Sms | Email]] = [
            Failover(self.gateways[:2]),
            Failover(self.gateways[2:]),
        ]
        deliveries.gateways.provide(Gateways(*self._chains))

    def work_for(self, time: timedelta) -> None:
        end = datetime.now(UTC) + time
        while datetime.now(UTC) < end:
            deliver_due()
            wipe_expired()
            self._pass(LOOKS_EVERY)

    def _pass(self, time: timedelta) -> None:
        self._clock.advance(seconds=time.total_seconds())
        # Breakers go by a clock that never goes back, which tests do not move.
        for chain in self._chains:
            for _, breaker in chain._gateways:
                breaker._circuit._opened -= time.total_seconds()

    def arrivals(self) -> dict[str, datetime]:
        return {key: at for it in self.gateways for key, at in it.received.items()}


@dataclass(frozen=True)
class Row:
    """A line of the table. `lost`: neither handed over nor a code whose life was over."""

    written: int
    at_once: int
    late: int
    expired: int
    lost: int


def table(world: World) -> dict[str, Row]:
    """What became of the messages, by topic and channel."""
    session.rollback()
    arrived = world.arrivals()
    rows = list(session.scalars(select(OutboxMessage)))
    counted: Counter[tuple[str, str]] = Counter()
    for it in rows:
        at = arrived.get(it.idempotency_key)
        what = "lost"
        if it.state is MessageState.HANDED_OVER and at is not None:
            what = "at_once" if at - it.created_at <= timedelta(minutes=1) else "late"
        elif it.state is MessageState.EXPIRED and it.expires_at is not None:
            what = "expired"
        counted[f"{it.topic} {it.channel}", what] += 1
    return {
        kind: Row(
            sum(number for (of, _), number in counted.items() if of == kind),
            *(counted[kind, what] for what in ("at_once", "late", "expired", "lost")),
        )
        for kind in sorted({of for of, _ in counted})
    }


def live_through(world: World) -> None:
    """The outage, and an hour after it: every half an hour a password is changed and a code is
    asked for."""
    for _ in range(14):
        account = make_account()
        with transaction():
            audit_log.log(EventKind.AUTHN_PASSWORD_CHANGE, CLIENT, account_id=account.id)
            to = Recipient(Channel.SMS, account.phone)
            one_time_codes.send(asked_by(account.nik), to, CLIENT)
        world.work_for(timedelta(minutes=30))


def test_six_hours_without_a_gateway_lose_no_warning_and_make_no_code_late(clock: Clock) -> None:
    world = World(clock)
    live_through(world)
    assert table(world) == {
        "code:recovery sms": Row(written=14, at_once=2, late=0, expired=12, lost=0),
        "password_changed email": Row(written=14, at_once=2, late=12, expired=0, lost=0),
        "password_changed sms": Row(written=14, at_once=2, late=12, expired=0, lost=0),
    }
    assert max(world.arrivals().values()) <= BEGINNING + OUTAGE + timedelta(hours=1)


def test_after_an_outage_everything_is_handed_over_within_a_gap(clock: Clock) -> None:
    world = World(clock)
    for _ in range(5):
        write_message()
        world.work_for(timedelta(minutes=72))
    world.work_for(SOON)
    late = world.arrivals().values()
    assert len(late) == 5
    assert max(late) <= BEGINNING + OUTAGE + SOON
    assert backlog.standing().channels[Channel.SMS].waiting == 0


def test_in_an_outage_nothing_is_overdue_and_what_is_refused_afterwards_stays_visible(
    clock: Clock,
) -> None:
    world = World(clock)
    refused = write_message(text="refuse me")
    others = [write_message() for _ in range(3)]
    for _ in range(12):
        world.work_for(timedelta(minutes=30))
        told = backlog.standing()
        assert told.is_worked_on, "another server would not help"
    assert told.channels[Channel.SMS].oldest >= OUTAGE
    assert {it.idempotency_key for it in backlog.troubled()} == {refused, *others}
    assert all("503" in (it.problem or "") for it in backlog.troubled())
    world.work_for(SOON)
    assert set(world.arrivals()) == set(others)
    (line,) = backlog.troubled()
    assert (line.idempotency_key, line.state, line.problem) == (
        refused, MessageState.DEAD, "status 422",
    )  # fmt: skip


def test_gateways_at_rest_are_spared_however_many_messages_wait(clock: Clock) -> None:
    world = World(clock)
    for _ in range(40):
        write_message()
    world.work_for(timedelta(minutes=12))
    session.rollback()
    tries = list(session.scalars(select(OutboxMessage.tries)))
    first, second, *_ = world.gateways
    looks = timedelta(minutes=12) / LOOKS_EVERY
    assert first.asked <= looks + 3, "once after each rest"
    assert abs(first.asked - sum(tries)) <= 3, "what rested is no try"
    assert second.asked <= first.asked
