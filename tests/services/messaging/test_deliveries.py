"""Delivery loses no message, and repeats one only under the same idempotency key (R88-R91)."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text, update

from jkn.database import session, transaction
from jkn.gateways.outgoing import Accepted, AtRest, Email, Permanent, Sms, Temporary
from jkn.models import Channel, MessageState, OutboxMessage
from jkn.services.messaging import deliveries, outbox
from jkn.services.messaging.deliveries import (
    HELD,
    LIFE,
    Gateways,
    deliver_due,
    gap_after,
    gap_of_rest,
    wipe_expired,
)
from jkn.services.messaging.outbox import Content
from tests.support.calls.purge_calls import purged
from tests.support.gateways.scripted_gateway import ScriptedGateway, accepts, raises
from tests.support.world.at_once import at_once
from tests.support.world.clock import BEGINNING, Clock
from tests.support.world.connected import ConnectedDatabase, connections_out

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.both_databases]

TEXT = "Kode JKN: 123456"


def scripted(*answers: object) -> ScriptedGateway:
    """The gateway to which the messages of this test go."""
    world = ScriptedGateway(*answers)  # type: ignore[arg-type]
    deliveries.gateways.provide(Gateways(world, world))
    return world


def written(count: int = 1, **changes: object) -> None:
    for number in range(count):
        with transaction():
            content = Content(f"+62812000{number:05}", TEXT)
            outbox.write(Channel.SMS, "code:recovery", content, **changes)  # type: ignore[arg-type]


def rows() -> list[OutboxMessage]:
    session.rollback()
    session.expire_all()
    return list(session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


def row() -> OutboxMessage:
    (only,) = rows()
    return only


def test_what_is_committed_is_handed_over_once() -> None:
    world = scripted()
    written()
    idempotency_key = row().idempotency_key
    assert deliver_due() == 1
    assert deliver_due() == 0
    assert world.received == [Sms(idempotency_key, "+6281200000000", TEXT)]
    sent = row()
    assert (sent.state, sent.gateway, sent.delivery_id) == (
        MessageState.HANDED_OVER, "outside", "delivery-1",
    )  # fmt: skip
    assert sent.finished_at == BEGINNING


def test_while_a_gateway_takes_its_time_no_connection_is_kept(database: ConnectedDatabase) -> None:
    kept: list[int] = []

    def accepts_slowly() -> Accepted:
        kept.append(connections_out(database))
        return accepts()

    written()
    scripted(accepts_slowly)
    deliver_due()
    assert kept == [0]


def test_an_email_has_its_subject_and_both_parts() -> None:
    world = scripted()
    with transaction():
        outbox.write(Channel.EMAIL, "code", Content("siti@contoh.id", "teks", "judul", "<p>teks"))
    deliver_due()
    assert world.received == [
        Email(row().idempotency_key, "siti@contoh.id", "judul", "teks", "<p>teks")
    ]


def test_a_message_that_is_rolled_back_is_never_sent() -> None:
    world = scripted()

    def fail_half_way() -> None:
        with transaction():
            outbox.write(Channel.SMS, "code", Content("+6281200000000", TEXT))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    assert deliver_due() == 0
    assert world.received == []
    assert rows() == []


def test_the_text_is_gone_once_it_is_handed_over(database: ConnectedDatabase) -> None:
    scripted()
    written()
    deliver_due()
    with database.engine.connect() as connection:
        assert connection.execute(text("SELECT content FROM outbox_messages")).scalar() is None


def test_a_message_to_nobody_is_not_sent() -> None:
    world = scripted()
    with transaction():
        outbox.write(Channel.SMS, "code", None)
    assert deliver_due() == 0
    assert world.received == []


def test_an_expired_message_is_never_sent_late(clock: Clock) -> None:
    world = scripted()
    written(expires_at=BEGINNING + timedelta(minutes=10))
    clock.advance(minutes=10)
    deliver_due()
    assert world.received == []
    assert (row().state, row().content) == (MessageState.EXPIRED, None)


def test_a_gateway_that_was_away_for_a_quarter_of_an_hour_gets_no_stale_code(clock: Clock) -> None:
    world = scripted(raises(Temporary("silent")))
    written(20, expires_at=BEGINNING + timedelta(minutes=10))
    for _ in range(100):
        deliver_due()
        clock.advance(seconds=9)
    world = scripted()
    for _ in range(20):
        deliver_due()
        clock.advance(minutes=1)
    assert world.received == []
    assert {it.state for it in rows()} == {MessageState.EXPIRED}


def test_what_expires_while_it_waits_is_wiped_without_a_try(clock: Clock) -> None:
    written(expires_at=BEGINNING + timedelta(minutes=10))
    written()
    clock.advance(minutes=9)
    assert wipe_expired() == 0
    clock.advance(minutes=1)
    assert wipe_expired() == 1
    assert [(it.state, it.content is None) for it in rows()] == [
        (MessageState.EXPIRED, True), (MessageState.WAITING, False),
    ]  # fmt: skip


def test_what_failed_for_now_is_tried_again_later_with_the_same_id(clock: Clock) -> None:
    world = scripted(raises(Temporary("busy")), raises(Temporary("silent")), accepts)
    written()
    deliver_due()
    assert (row().state, row().problem) == (MessageState.WAITING, "busy")
    assert deliver_due() == 0, "not at once"
    for _ in range(2):
        clock.advance(seconds=6)
        deliver_due()
    assert world.ids == [row().idempotency_key] * 3
    assert row().state is MessageState.HANDED_OVER


def test_gaps_grow_to_half_an_hour_and_differ() -> None:
    for tries, seconds in ((1, 2), (2, 4), (3, 8), (10, 1024), (11, 1800), (40, 1800)):
        gaps = {gap_after(tries).total_seconds() for _ in range(50)}
        assert 0.75 * seconds <= min(gaps) <= max(gaps) <= 1.25 * seconds
        assert len(gaps) > 1


def test_who_waits_for_a_rest_is_back_soon_after_it_and_not_all_at_once() -> None:
    for age, seconds in ((0, 2), (8, 2), (60, 15), (480, 120), (600_000, 120)):
        gaps = {gap_of_rest(timedelta(seconds=age), 15).total_seconds() for _ in range(50)}
        assert 0.75 * seconds <= min(gaps) - 15 <= max(gaps) - 15 <= 1.25 * seconds
        assert len(gaps) > 1


def test_a_week_without_a_gateway_makes_a_dead_letter(clock: Clock) -> None:
    world = scripted(raises(Temporary("silent")))
    written()
    while clock_is_before(BEGINNING + LIFE):
        deliver_due()
        assert row().state is MessageState.WAITING
        clock.advance(hours=8)
    deliver_due()
    assert len(world.received) == 3 * 7 + 1
    assert (row().state, row().content, row().problem) == (MessageState.DEAD, None, "silent")


def clock_is_before(moment: datetime) -> bool:
    return datetime.now(UTC) < moment


def test_what_waits_for_the_end_of_a_rest_was_not_tried(clock: Clock) -> None:
    world = scripted(raises(AtRest("a: resting", 15.0)), raises(Temporary("silent")),
                     raises(AtRest("a: resting", 15.0)), accepts)  # fmt: skip
    written()
    deliver_due()
    assert (row().tries, row().problem) == (0, "a: resting")
    assert deliver_due() == 0, "the rest has not ended"
    for tries, problem in ((1, "silent"), (1, "silent")):
        clock.advance(seconds=18)
        deliver_due()
        assert (row().tries, row().problem) == (tries, problem)
    assert len(world.received) == 3
    clock.advance(seconds=36)
    deliver_due()
    assert (row().state, row().tries) == (MessageState.HANDED_OVER, 2)


def test_a_week_of_rests_makes_a_dead_letter_too(clock: Clock) -> None:
    """What a message says is not kept for ever, whatever its gateway does."""
    scripted(raises(AtRest("a: resting", 15.0)))
    written()
    clock.advance(seconds=LIFE.total_seconds() - 1)
    deliver_due()
    assert row().state is MessageState.WAITING
    clock.advance(minutes=3)
    deliver_due()
    assert (row().state, row().content, row().problem) == (MessageState.DEAD, None, "a: resting")


def test_a_code_in_a_rest_is_waited_for_until_it_expires(clock: Clock) -> None:
    scripted(raises(AtRest("a: resting", 15.0)))
    written(expires_at=BEGINNING + timedelta(days=8))
    clock.advance(days=7, hours=12)
    deliver_due()
    assert row().state is MessageState.WAITING
    clock.advance(hours=12)
    deliver_due()
    assert row().state is MessageState.EXPIRED


def test_what_is_refused_for_good_is_not_tried_again(clock: Clock) -> None:
    world = scripted(raises(Permanent("unknown number")))
    written()
    deliver_due()
    clock.advance(hours=1)
    deliver_due()
    assert len(world.received) == 1
    assert (row().state, row().content, row().problem) == (
        MessageState.DEAD, None, "unknown number",
    )  # fmt: skip


@pytest.mark.parametrize("poison", ["unreadable", "no json", "too many parts", "a surprise"])
def test_a_poison_message_blocks_no_other(poison: str, clock: Clock) -> None:
    world = scripted(raises(ZeroDivisionError()), accepts) if poison == "a surprise" else scripted()
    for _ in range(3):
        # Messages of one moment may be taken in any order, so each gets another time.
        written()
        clock.advance(seconds=1)
    first = rows()[0].id
    with transaction():
        where = OutboxMessage.id == first
        if poison == "unreadable":
            session.execute(
                text("UPDATE outbox_messages SET content = :it WHERE id = :id"),
                {"it": b"not encrypted by us", "id": first},
            )
        elif poison != "a surprise":
            content = "no json" if poison == "no json" else '["1","2","3","4","5","6"]'
            session.execute(update(OutboxMessage).where(where).values(content=content))
    deliver_due()
    states = [it.state for it in rows()]
    assert states[1:] == [MessageState.HANDED_OVER] * 2
    assert states[0] is (MessageState.WAITING if poison == "a surprise" else MessageState.DEAD)
    assert len(world.received) == (3 if poison == "a surprise" else 2)


def test_two_workers_never_send_one_message_twice() -> None:
    world = scripted()
    written(40)
    handed_over = at_once(8, lambda _: deliver_due())
    assert sum(handed_over) == 40
    assert sorted(world.ids) == sorted(it.idempotency_key for it in rows())


@pytest.mark.parametrize("database_copies", ["postgresql"], indirect=True)
def test_while_one_worker_takes_a_message_another_takes_the_next(
    database: ConnectedDatabase,
) -> None:
    world = scripted()
    written(3)
    first, *others = rows()
    # SQLite lets one write at a time anyway.
    with database.engine.begin() as connection:
        taking = update(OutboxMessage).where(OutboxMessage.id == first.id)
        connection.execute(taking.values(tries=1, due_at=BEGINNING + HELD))
        assert deliver_due() == 2
    assert world.ids == [it.idempotency_key for it in others]


def test_what_a_killed_worker_held_is_sent_by_the_next_with_the_same_id(clock: Clock) -> None:
    class Killed(BaseException):
        pass

    def dies() -> Accepted:
        raise Killed

    world = scripted(dies, accepts)
    written()
    with pytest.raises(Killed):
        deliver_due()
    assert deliver_due() == 0, "it may still be under way"
    clock.advance(seconds=HELD.total_seconds() + 1)
    assert deliver_due() == 1
    assert world.ids == [row().idempotency_key] * 2
    assert row().state is MessageState.HANDED_OVER


def test_a_worker_that_took_too_long_changes_nothing_any_more(clock: Clock) -> None:
    def takes_too_long() -> Accepted:
        clock.advance(seconds=HELD.total_seconds() + 1)
        fast = scripted()
        deliver_due()
        assert len(fast.received) == 1
        raise Permanent("too late to say so")

    scripted(takes_too_long)
    written()
    deliver_due()
    assert (row().state, row().gateway) == (MessageState.HANDED_OVER, "outside")


def test_old_ones_are_forgotten_and_dead_ones_stay(clock: Clock) -> None:
    scripted(raises(Permanent("no")), accepts)
    written(2)
    deliver_due()
    clock.advance(days=29)
    assert purged(OutboxMessage) == 0
    clock.advance(days=2)
    assert purged(OutboxMessage) == 1
    assert row().state is MessageState.DEAD
