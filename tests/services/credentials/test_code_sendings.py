"""Rate limits of codes: how many are sent, and to whom (security.md R19)."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from jkn.database import session, transaction
from jkn.models import Channel, EventKind, MessageState
from jkn.services.audit.audit_log import Client
from jkn.services.credentials import known_devices
from jkn.services.credentials.one_time_codes import Recipient, Sent, TooSoon
from jkn.services.throttling.retry_after import RetryAfter
from tests.support.calls.one_code_calls import (
    ASKED,
    CLIENT,
    NOBODY,
    PHONE,
    events,
    messages,
    send,
)
from tests.support.world.at_once import at_once
from tests.support.world.clock import BEGINNING, Clock
from tests.support.world.factories import make_account

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.both_databases]


def test_another_code_can_be_had_after_a_minute(clock: Clock) -> None:
    send()
    clock.advance(seconds=59)
    assert send() == TooSoon(BEGINNING + timedelta(seconds=60))
    assert len(messages()) == 1
    clock.advance(seconds=1)
    assert isinstance(send(), Sent)


def from_anywhere(turn: int) -> Client:
    """Another source each time."""
    return Client(f"198.51.100.{turn}", "Tests/1.0")


def test_five_an_hour_and_no_more_in_any_hour(clock: Clock) -> None:
    for turn in range(5):
        assert isinstance(send(client=from_anywhere(turn)), Sent)
        clock.advance(minutes=2)
    assert send(client=from_anywhere(5)) == TooSoon(BEGINNING + timedelta(hours=1))
    clock.advance(minutes=49, seconds=59)
    assert isinstance(send(client=from_anywhere(6)), TooSoon)
    clock.advance(seconds=1)
    assert isinstance(send(client=from_anywhere(7)), Sent)
    clock.advance(seconds=61)
    told = send(client=from_anywhere(8))
    assert told == TooSoon(BEGINNING + timedelta(hours=1, minutes=2))


def test_one_source_gets_three_codes_for_a_person_and_then_one_in_twenty_minutes(
    clock: Clock,
) -> None:
    for _ in range(3):
        assert isinstance(send(), Sent)
        clock.advance(minutes=2)
    assert send() == TooSoon(BEGINNING + timedelta(minutes=20))
    clock.advance(minutes=14)
    assert isinstance(send(), Sent)


def test_a_source_that_goes_on_asking_leaves_codes_for_others(clock: Clock) -> None:
    """A stranger asks every minute for a day, from one network; the owner once an hour."""
    got = 0
    for minute in range(24 * 60):
        send(client=Client("203.0.113.66", "Tests/1.0"))
        if minute % 60 == 30:
            got += isinstance(send(client=Client("198.51.100.7", "Tests/1.0")), Sent)
        clock.advance(minutes=1)
    assert got >= 20


def test_a_phone_that_the_account_knows_is_counted_apart(clock: Clock) -> None:
    account = make_account()
    mine = replace(ASKED, person=account.nik, account_id=account.id)
    with transaction():
        known = Client("203.0.113.7", "Tests/1.0", known_devices.remember(account, CLIENT))
    for turn in range(5):
        assert isinstance(send(mine, client=from_anywhere(turn)), Sent)
        clock.advance(minutes=2)
    assert isinstance(send(mine, client=from_anywhere(9)), TooSoon)
    for _ in range(5):
        assert isinstance(send(mine, client=known), Sent)
        clock.advance(minutes=1)
    assert isinstance(send(mine, client=known), TooSoon)


def test_a_number_that_two_people_share_gets_five_an_hour_in_all(clock: Clock) -> None:
    for turn in range(6):
        outcome = send(replace(ASKED, person=f"327605170384000{turn}"))
        assert isinstance(outcome, Sent) == (turn < 5)
        clock.advance(minutes=2)


def test_a_person_with_two_channels_gets_five_an_hour_in_all(clock: Clock) -> None:
    for turn in range(6):
        to = PHONE if turn % 2 else Recipient(Channel.EMAIL, "siti@contoh.id")
        assert isinstance(send(to=to, client=from_anywhere(turn)), Sent) == (turn < 5)
        clock.advance(minutes=2)


def test_only_one_of_twenty_simultaneous_requests_sends_a_code() -> None:
    outcomes = at_once(20, lambda _: send())
    assert sum(isinstance(it, Sent) for it in outcomes) == 1
    assert len(messages()) == 1


def test_what_is_refused_by_one_limit_is_not_taken_from_the_other(clock: Clock) -> None:
    """A number that has reached its limit must not use up the limit of the person."""
    for turn in range(5):
        send(replace(ASKED, person=f"327605170384000{turn}"))
        clock.advance(minutes=2)
    mine = replace(ASKED, person="3276051703840009")
    assert isinstance(send(mine), TooSoon)
    assert isinstance(send(mine, Recipient(Channel.SMS, "+6289876543210")), Sent)


def test_a_flood_over_one_prefix_reaches_few_and_looks_the_same() -> None:
    for turn in range(100):
        person = replace(ASKED, person=f"32760517038400{turn:02}")
        to = Recipient(Channel.SMS, f"+628123456{turn:04}")
        assert isinstance(send(person, to, Client(f"198.51.100.{turn}", "")), Sent)
    states = Counter(it.state for it in messages())
    assert states[MessageState.WAITING] == 20
    assert states[MessageState.NOBODY] == 80
    assert events(EventKind.EXCESS_RATE_LIMIT) == 80


def test_one_source_cannot_have_codes_sent_to_everybody_and_is_told() -> None:
    for turn in range(60):
        person = replace(ASKED, person=f"32760517038400{turn:02}")
        told = send(person, Recipient(Channel.SMS, f"+62812{turn:04}00000"))
        assert isinstance(told, Sent if turn < 30 else RetryAfter)
    assert Counter(it.state for it in messages())[MessageState.WAITING] == 30


def test_a_neighbour_behind_a_spent_source_is_told_whether_they_exist_or_not() -> None:
    for turn in range(31):
        send(replace(ASKED, person=f"32760517038400{turn:02}"), NOBODY)
    neighbour = replace(ASKED, person="3276051703840099")
    told = send(neighbour, Recipient(Channel.SMS, "+6281311112222"))
    assert isinstance(told, RetryAfter)
    assert told.until
    assert send(replace(ASKED, person="3276051703840098"), NOBODY) == told
    nothing_noted = send(neighbour, client=from_anywhere(1))
    assert isinstance(nothing_noted, Sent), "what was not sent is not counted"


def test_a_known_phone_is_not_held_back_for_its_neighbours() -> None:
    account = make_account()
    mine = replace(ASKED, person=account.nik, account_id=account.id)
    with transaction():
        token = known_devices.remember(account, CLIENT)
    for turn in range(31):
        send(replace(ASKED, person=f"32760517038400{turn:02}"), NOBODY)
    assert isinstance(send(mine), RetryAfter)
    assert isinstance(send(mine, client=replace(CLIENT, device_token=token)), Sent)


@pytest.mark.settings(codes_an_hour=20)
def test_everybody_together_has_a_rate_limit(clock: Clock) -> None:
    for turn in range(40):
        person = replace(ASKED, person=f"32760517038400{turn:02}")
        to = Recipient(Channel.EMAIL, f"orang{turn}@contoh.id")
        assert isinstance(send(person, to, Client(f"198.51.100.{turn}", "")), Sent | RetryAfter)
        clock.advance(seconds=80)
    session.rollback()
    waiting = [it for it in messages() if it.state is MessageState.WAITING]
    first_hour = [it for it in waiting if it.created_at < BEGINNING + timedelta(hours=1)]
    assert 10 < len(first_hour) <= 20


@pytest.mark.settings(codes_an_hour=20)
def test_a_part_of_what_everybody_shares_is_kept_for_sources_that_asked_for_little() -> None:
    greedy = Client("203.0.113.66", "Tests/1.0")
    outcomes = [
        send(
            replace(ASKED, person=f"{turn:016}"),
            Recipient(Channel.EMAIL, f"orang{turn}@contoh.id"),
            greedy,
        )
        for turn in range(12)
    ]
    assert sum(isinstance(it, Sent) for it in outcomes) == 8
    assert isinstance(send(), Sent)


@pytest.mark.settings(codes_an_hour=20)
def test_those_who_do_not_exist_take_nothing_from_those_who_do() -> None:
    for number in range(30):
        asked = replace(ASKED, person=f"{number:016}")
        client = Client(f"198.51.100.{number}", "Tests/1.0")
        assert isinstance(send(asked, NOBODY, client), Sent)
    assert {it.state for it in messages()} == {MessageState.NOBODY}
    send()
    assert messages()[-1].state is MessageState.WAITING
