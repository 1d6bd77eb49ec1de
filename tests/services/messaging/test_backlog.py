"""The backlog of the outbox for operators: exact figures, and nothing about people."""

from dataclasses import asdict
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

from jkn.database import session, transaction
from jkn.gateways.outgoing import Accepted, Email, Permanent, Sms, Temporary
from jkn.models import Channel, MessageState, OutboxMessage
from jkn.services.messaging import backlog, deliveries
from jkn.services.messaging.backlog import LONGEST_OVERDUE, Standing
from jkn.services.messaging.deliveries import HELD, Gateways, deliver_due, wipe_expired
from jkn.services.operations import retention
from tests.support.calls.code_calls import ask, asked_by, write_message
from tests.support.rules.canaries import CANARIES
from tests.support.world.clock import Clock
from tests.support.world.factories import make_account
from tests.support.world.queries import QueryCounter

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.both_databases]


class Gateway:
    """Answers each message with the next of these, and then always with the last."""

    def __init__(self, *answers: Exception | None) -> None:
        self._answers = list(answers)

    def send(self, message: Sms | Email) -> Accepted:
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if answer is not None:
            raise answer
        return Accepted("gateway")


def hand_over(*answers: Exception | None) -> None:
    gateway = Gateway(*answers)
    deliveries.gateways.provide(Gateways(gateway, gateway))
    deliver_due()


def standing(channel: Channel = Channel.SMS) -> Standing:
    session.rollback()
    return backlog.standing().channels[channel]


def finished(channel: Channel = Channel.SMS) -> dict[str, int]:
    session.rollback()
    told = backlog.standing_and_last_hour().channels[channel].finished
    return {state.value: number for state, number in told.items()}


def test_an_empty_outbox_has_every_channel_at_zero() -> None:
    told = backlog.standing_and_last_hour()
    assert set(told.channels) == set(Channel)
    none = {MessageState.HANDED_OVER: 0, MessageState.EXPIRED: 0, MessageState.DEAD: 0}
    assert all(it == Standing(finished=none) for it in told.channels.values())
    assert told.is_worked_on


def test_a_channel_of_a_newer_release_is_counted_and_left_to_its_workers(clock: Clock) -> None:
    write_message()
    with transaction():
        session.execute(text("UPDATE outbox_messages SET channel = 'of_tomorrow'"))
    clock.advance(minutes=1)
    hand_over(None)
    session.rollback()
    told = backlog.standing_and_last_hour().channels
    assert [(it.value, of.waiting) for it, of in told.items()] == [
        ("sms", 0),
        ("email", 0),
        ("of_tomorrow", 1),
    ]
    assert session.scalars(select(OutboxMessage.tries)).all() == [0]


def test_what_waits_is_counted_with_its_age_by_channel(clock: Clock) -> None:
    write_message()
    clock.advance(seconds=30)
    write_message()
    write_message(Channel.EMAIL)
    clock.advance(seconds=5)
    sms, email = standing(), standing(Channel.EMAIL)
    assert (sms.waiting, sms.oldest, sms.overdue) == (2, timedelta(seconds=35), sms.oldest)
    assert (email.waiting, email.oldest) == (1, timedelta(seconds=5))


def test_what_a_gateway_put_off_is_old_but_not_overdue(clock: Clock) -> None:
    """A worker takes it each time: the trouble is outside, and more servers would not help."""
    write_message()
    for _ in range(7):
        hand_over(Temporary("no answer"))
        clock.advance(minutes=1)
    write_message()
    hand_over(Temporary("no answer"))
    told = backlog.standing()
    assert told.channels[Channel.SMS].waiting == 2
    assert told.channels[Channel.SMS].oldest == timedelta(minutes=7)
    assert told.overdue == timedelta()
    assert told.is_worked_on


def test_what_no_worker_takes_is_overdue(clock: Clock) -> None:
    write_message(Channel.EMAIL)
    clock.advance(seconds=LONGEST_OVERDUE.total_seconds())
    assert backlog.standing().is_worked_on
    clock.advance(seconds=1)
    session.rollback()
    told = backlog.standing()
    assert told.overdue == LONGEST_OVERDUE + timedelta(seconds=1)
    assert not told.is_worked_on
    hand_over(None)
    assert backlog.standing().is_worked_on


def test_what_a_killed_worker_held_is_overdue_only_when_nobody_takes_it_up(clock: Clock) -> None:
    class Killed:
        def send(self, message: Sms | Email) -> Accepted:
            raise SystemExit

    write_message()
    deliveries.gateways.provide(Gateways(Killed(), Killed()))
    with pytest.raises(SystemExit):
        deliver_due()
    clock.advance(seconds=HELD.total_seconds())
    assert standing().overdue == timedelta()
    clock.advance(minutes=1)
    assert standing().overdue == timedelta(minutes=1)


def test_dead_ones_are_counted_until_somebody_deletes_them(clock: Clock) -> None:
    for channel in (Channel.SMS, Channel.SMS, Channel.EMAIL):
        write_message(channel)
    hand_over(Permanent("refused"))
    clock.advance(days=60)
    retention.purge()
    assert (standing().dead, standing(Channel.EMAIL).dead) == (2, 1)
    assert standing().waiting == 0


def test_what_ended_is_counted_for_an_hour(clock: Clock) -> None:
    for _ in range(4):
        write_message()
    hand_over(None, None, None, Permanent("refused"))
    ask(asked_by(make_account().nik), "+6281234567890")
    clock.advance(minutes=10)
    assert wipe_expired() == 1
    assert finished() == {"handed_over": 3, "expired": 1, "dead": 1}
    assert finished(Channel.EMAIL) == {"handed_over": 0, "expired": 0, "dead": 0}
    clock.advance(minutes=50)
    assert finished() == {"handed_over": 0, "expired": 1, "dead": 0}
    clock.advance(minutes=10)
    assert finished() == {"handed_over": 0, "expired": 0, "dead": 0}
    assert standing().dead == 1


def test_messages_to_nobody_are_no_messages(clock: Clock) -> None:
    ask(asked_by("3276051703840001"), None)
    clock.advance(minutes=5)
    assert standing() == Standing()
    assert sum(finished().values()) == 0
    assert backlog.troubled() == []


def test_the_troubled_are_the_dead_and_the_late_and_name_nobody(clock: Clock) -> None:
    account = make_account()
    ask(asked_by(account.nik), account.phone)
    ask(asked_by(account.nik), account.email, Channel.EMAIL)
    clock.advance(seconds=1)  # Messages of one moment go in any order.
    dead = write_message(text=f"{account.name}, {account.phone}")
    hand_over(Temporary("no answer"), Permanent("refused"))
    clock.advance(minutes=3)
    write_message()
    told = backlog.troubled()
    assert {it.state for it in told} == {MessageState.WAITING, MessageState.DEAD}
    (line,) = [it for it in told if it.idempotency_key == dead]
    assert (line.tries, line.age, line.problem) == (1, timedelta(minutes=3), "refused")
    assert CANARIES.found_in(" ".join(str(asdict(it)) for it in told)) == []


def test_asking_costs_few_queries_however_much_there_is(queries: QueryCounter) -> None:
    for number in range(30):
        write_message(Channel.SMS if number % 2 else Channel.EMAIL)
    with queries.at_most(2):
        backlog.standing()
    with queries.at_most(3):
        backlog.standing_and_last_hour()
    with queries.at_most(1):
        backlog.troubled()


def test_a_clock_that_went_back_does_no_harm(clock: Clock) -> None:
    write_message()
    with transaction():
        later = OutboxMessage.due_at
        session.execute(update(OutboxMessage).values(due_at=later))
    clock.advance(seconds=-30)
    assert standing().overdue == timedelta()
    assert backlog.standing().is_worked_on
