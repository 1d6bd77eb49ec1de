"""Rate limits of codes: how many are sent, and to whom (security.md R19)."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from jkn.database import session
from jkn.models import Channel, EventKind, MessageState
from jkn.services.audit.audit_log import Client
from jkn.services.credentials.one_time_codes import Recipient, Sent, TooSoon
from tests.support.calls.one_code_calls import (
    ASKED,
    NOBODY,
    PHONE,
    events,
    messages,
    send,
)
from tests.support.world.at_once import at_once
from tests.support.world.clock import BEGINNING, Clock

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.both_databases]


def test_another_code_can_be_had_after_a_minute(clock: Clock) -> None:
    send()
    clock.advance(seconds=59)
    assert send() == TooSoon(BEGINNING + timedelta(seconds=60))
    assert len(messages()) == 1
    clock.advance(seconds=1)
    assert isinstance(send(), Sent)


def test_five_an_hour_and_no_more_in_any_hour(clock: Clock) -> None:
    for _ in range(5):
        assert isinstance(send(), Sent)
        clock.advance(minutes=2)
    assert send() == TooSoon(BEGINNING + timedelta(hours=1))
    clock.advance(minutes=49, seconds=59)
    assert isinstance(send(), TooSoon)
    clock.advance(seconds=1)
    assert isinstance(send(), Sent)
    clock.advance(seconds=61)
    assert send() == TooSoon(BEGINNING + timedelta(hours=1, minutes=2))


def test_a_number_that_two_people_share_gets_five_an_hour_in_all(clock: Clock) -> None:
    for turn in range(6):
        outcome = send(replace(ASKED, person=f"327605170384000{turn}"))
        assert isinstance(outcome, Sent) == (turn < 5)
        clock.advance(minutes=2)


def test_a_person_with_two_channels_gets_five_an_hour_in_all(clock: Clock) -> None:
    for turn in range(6):
        to = PHONE if turn % 2 else Recipient(Channel.EMAIL, "siti@contoh.id")
        assert isinstance(send(to=to), Sent) == (turn < 5)
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


def test_one_source_cannot_have_codes_sent_to_everybody() -> None:
    for turn in range(60):
        person = replace(ASKED, person=f"32760517038400{turn:02}")
        assert isinstance(send(person, Recipient(Channel.SMS, f"+62812{turn:04}00000")), Sent)
    assert Counter(it.state for it in messages())[MessageState.WAITING] == 30


@pytest.mark.settings(codes_an_hour=20)
def test_everybody_together_has_a_rate_limit(clock: Clock) -> None:
    for turn in range(40):
        person = replace(ASKED, person=f"32760517038400{turn:02}")
        to = Recipient(Channel.EMAIL, f"orang{turn}@contoh.id")
        assert isinstance(send(person, to, Client(f"198.51.100.{turn}", "")), Sent)
        clock.advance(seconds=80)
    session.rollback()
    waiting = [it for it in messages() if it.state is MessageState.WAITING]
    first_hour = [it for it in waiting if it.created_at < BEGINNING + timedelta(hours=1)]
    assert 10 < len(first_hour) <= 20


@pytest.mark.settings(codes_an_hour=20)
def test_those_who_do_not_exist_take_nothing_from_those_who_do() -> None:
    for number in range(30):
        asked = replace(ASKED, person=f"{number:016}")
        client = Client(f"198.51.100.{number}", "Tests/1.0")
        assert isinstance(send(asked, NOBODY, client), Sent)
    assert {it.state for it in messages()} == {MessageState.NOBODY}
    send()
    assert messages()[-1].state is MessageState.WAITING
