"""One-time codes: judged, counted, forgotten (security.md R13-R18; NIST SP 800-63B-4 3.1.3.2)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from jkn.database import session, transaction
from jkn.models import AuditEvent, Channel, EventKind, MessageState, OneTimeCode, SendingLog
from jkn.services.basics import six_digits
from jkn.services.credentials import known_devices, one_time_codes
from jkn.services.credentials.one_time_codes import CODE_BACKOFF, Recipient, Sent, Verdict
from jkn.services.messaging import deliveries
from jkn.services.messaging.deliveries import Gateways
from jkn.services.messaging.outbox import Content
from jkn.services.throttling.retry_after import RetryAfter
from tests.support.calls.one_code_calls import (
    ASKED,
    CLIENT,
    NIK,
    NOBODY,
    PHONE,
    events,
    latest_code,
    messages,
    send,
    sent_code,
    verify,
    wrong,
)
from tests.support.calls.purge_calls import purged
from tests.support.gateways.scripted_gateway import ScriptedGateway
from tests.support.world.at_once import at_once
from tests.support.world.clock import BEGINNING, Clock
from tests.support.world.connected import ConnectedDatabase
from tests.support.world.factories import make_account
from tests.support.world.queries import QueryCounter

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.both_databases]


def test_the_code_that_was_sent_is_right_once() -> None:
    code = sent_code()
    assert verify(code) is Verdict.RIGHT
    assert verify(code) is Verdict.WRONG


@pytest.mark.parametrize("to", [PHONE, Recipient(Channel.EMAIL, "wulan@example.id")])
def test_it_goes_where_it_was_asked_for(to: Recipient) -> None:
    send(to=to)
    assert Content.from_json(messages()[-1].content or "").recipient == to.address


def test_its_message_is_not_sent_after_its_life(clock: Clock) -> None:
    sent_code()
    clock.advance(minutes=10)
    world = ScriptedGateway()
    deliveries.gateways.provide(Gateways(world, world))
    deliveries.deliver_due()
    assert world.received == []
    assert messages()[0].state is MessageState.EXPIRED


@pytest.mark.parametrize("form", ["{0}{1}", "{0} {1}", "{0}-{1}", " {0}\u00a0{1}\n", "{0}.{1}"])
def test_people_may_write_it_as_they_like(form: str) -> None:
    code = sent_code()
    assert verify(form.format(code[:3], code[3:])) is Verdict.RIGHT


def test_full_width_digits_of_some_keyboards_are_understood() -> None:
    code = sent_code()
    assert verify("".join(chr(ord("０") + int(digit)) for digit in code)) is Verdict.RIGHT


@pytest.mark.parametrize(
    "typed",
    ["", " ", "12345", "1234567", "abcdef", "12345a", "١٢٣٤٥٦", "१२३४५६", "1" * 1_000_000,
     "\x00" * 6, "12\x003456", "😀" * 6, "½½½½½½", "\ud800" * 6],
)  # fmt: skip
def test_what_is_no_code_is_not_counted(typed: str) -> None:
    code = sent_code()
    for _ in range(20):
        assert verify(typed) is Verdict.UNREADABLE
    assert verify(code) is Verdict.RIGHT


def test_it_lives_ten_minutes_by_the_servers_clock(clock: Clock) -> None:
    first = sent_code()
    clock.advance(minutes=9, seconds=59)
    assert verify(first) is Verdict.RIGHT
    second = sent_code(flow="8")
    clock.advance(minutes=10)
    assert verify(second, replace(ASKED, flow="8")) is Verdict.EXPIRED


def test_the_page_is_told_until_when_it_lives_and_when_another_can_be_had(clock: Clock) -> None:
    told = send()
    assert isinstance(told, Sent)
    assert told.expires_at == BEGINNING + timedelta(minutes=10)
    assert told.resend_at == BEGINNING + timedelta(seconds=60)
    assert told.seconds_until_resend == 60
    assert one_time_codes.last_sent(ASKED) == told
    assert one_time_codes.last_sent(replace(ASKED, flow="8")) is None
    clock.advance(minutes=10)
    assert one_time_codes.last_sent(ASKED) is None


def test_the_code_before_stays_valid_for_its_own_life(clock: Clock) -> None:
    first = sent_code()
    clock.advance(minutes=2)
    second = sent_code()
    clock.advance(minutes=7)
    assert verify(first) is Verdict.RIGHT
    assert verify(second) is Verdict.WRONG, "one confirmation needs one code"


def test_a_new_code_works_after_the_old_one_is_over(clock: Clock) -> None:
    first = sent_code()
    clock.advance(minutes=5)
    second = sent_code()
    clock.advance(minutes=6)
    assert verify(first) is Verdict.EXPIRED
    assert verify(second) is Verdict.RIGHT


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"person": "3276051703840002"},
        {"flow": "8"},
        {"confirms": "another password"},
        {"confirms": ""},
    ],
    ids=["person", "flow", "data", "no data"],
)
def test_a_code_is_worthless_for_anything_else(elsewhere: dict[str, str]) -> None:
    code = sent_code()
    assert verify(code, replace(ASKED, **elsewhere)) is Verdict.WRONG
    assert verify(code) is Verdict.RIGHT


def test_the_parts_of_a_confirmation_cannot_be_shifted() -> None:
    one = replace(ASKED, flow="7", confirms="1a")
    other = replace(ASKED, flow="71", confirms="a")
    assert one.digests("123456") != other.digests("123456")


def test_after_five_wrong_codes_one_of_six_digits_waits_half_an_hour(clock: Clock) -> None:
    code = sent_code()
    for _ in range(5):
        assert verify(wrong(code)) is Verdict.WRONG
    told = verify(code)
    assert isinstance(told, RetryAfter)
    assert told.until == BEGINNING + timedelta(minutes=30)
    assert isinstance(verify(code, replace(ASKED, flow="8")), RetryAfter)


def test_after_five_wrong_codes_the_next_one_is_too_long_to_be_guessed(clock: Clock) -> None:
    code = sent_code()
    for _ in range(5):
        verify(wrong(code))
    clock.advance(minutes=1)
    told = send()
    assert isinstance(told, Sent)
    assert told.length == 12
    assert one_time_codes.last_sent(ASKED) == told
    assert verify(latest_code(12)) is Verdict.RIGHT
    assert verify(latest_code(12)) is Verdict.WRONG
    assert len(sent_code_later(clock)) == 6, "a right one begins anew"


def test_a_journey_with_wrong_long_codes_holds_up_no_other(clock: Clock) -> None:
    code = sent_code()
    for _ in range(5):
        verify(wrong(code))
    clock.advance(minutes=1)
    send()
    mine = latest_code(12)
    for number in range(5):
        assert verify(f"{number:012}") is Verdict.WRONG
    assert isinstance(verify(mine), RetryAfter)
    other = replace(ASKED, flow="8")
    clock.advance(minutes=1)
    send(other)
    assert verify(latest_code(12), other) is Verdict.RIGHT


def test_wrong_codes_from_unknown_phones_hold_up_no_known_one() -> None:
    account = make_account()
    mine = replace(ASKED, person=account.nik, account_id=account.id)
    with transaction():
        known = replace(CLIENT, device_token=known_devices.remember(account, CLIENT))
    send(mine)
    for _ in range(5):
        verify(wrong(latest_code()), mine)
    assert isinstance(verify(latest_code(), mine), RetryAfter)
    assert isinstance(send(mine, client=known), Sent)
    assert verify(latest_code(), mine, known) is Verdict.RIGHT
    assert isinstance(verify("000000", mine), RetryAfter), "strangers get no new start by it"


def test_waits_double_to_a_day(clock: Clock) -> None:
    assert [CODE_BACKOFF.wait_after(it) for it in (4, 5, 6, 7, 10, 11, 50)] == [
        timedelta(), timedelta(minutes=30), timedelta(hours=1), timedelta(hours=2),
        timedelta(hours=16), timedelta(hours=24), timedelta(hours=24),
    ]  # fmt: skip


def test_a_right_code_begins_anew(clock: Clock) -> None:
    for _ in range(2):
        code = sent_code_later(clock)
        for _ in range(4):
            assert verify(wrong(code)) is Verdict.WRONG
        assert verify(code) is Verdict.RIGHT


def sent_code_later(clock: Clock) -> str:
    clock.advance(minutes=21)
    return sent_code()


def test_wrong_codes_for_one_purpose_or_person_do_not_lock_another() -> None:
    code = sent_code()
    for _ in range(5):
        verify(wrong(code))
    other = replace(ASKED, person="3276051703840002")
    assert isinstance(send(other, Recipient(Channel.SMS, "+6281234567891")), Sent)
    assert verify(latest_code(), other) is Verdict.RIGHT


def test_only_one_of_thirty_simultaneous_right_codes_is_taken() -> None:
    code = sent_code()
    outcomes = at_once(30, lambda _: verify(code))
    assert outcomes.count(Verdict.RIGHT) == 1


def test_only_five_of_thirty_simultaneous_wrong_codes_are_judged() -> None:
    code = sent_code()
    outcomes = at_once(30, lambda number: verify(f"{(int(code) + 1 + number) % 1_000_000:06}"))
    assert outcomes.count(Verdict.WRONG) == 5
    assert sum(isinstance(it, RetryAfter) for it in outcomes) == 25
    assert events(EventKind.AUTHN_CODE_FAIL) == 5
    assert events(EventKind.AUTHN_CODE_FAIL_MAX) == 1


def test_an_unknown_person_takes_the_same_steps_and_is_sent_nothing(
    queries: QueryCounter, clock: Clock
) -> None:
    with queries.counted() as for_somebody:
        told = send()
    with queries.counted() as for_nobody:
        same = send(replace(ASKED, person="3276051703840002"), NOBODY)
    assert told == same
    verbs = [[it.split()[0] for it in statements] for statements in (for_somebody, for_nobody)]
    # The only difference: without a recipient there is no rate limit of a recipient.
    assert verbs[0][:4] == verbs[1][:4]
    somebody, nobody = messages()
    assert (somebody.state, nobody.state) == (MessageState.WAITING, MessageState.NOBODY)
    unknown = replace(ASKED, person="3276051703840002")
    for _ in range(5):
        assert verify("123456", unknown) is Verdict.WRONG
    assert isinstance(verify("123456", unknown), RetryAfter)


def test_the_code_lies_nowhere_in_clear(database: ConnectedDatabase) -> None:
    code = sent_code()
    with database.engine.connect() as connection:
        for table in ("one_time_codes", "outbox_messages", "security_events", "sending_logs"):
            for row in connection.execute(text(f"SELECT * FROM {table}")):
                shown = " ".join(
                    it.decode("latin-1") if isinstance(it, bytes) else str(it) for it in row
                )
                assert code not in shown
                assert NIK not in shown
                assert "81234567890" not in shown


def test_what_happened_is_written_down() -> None:
    account = make_account()
    mine = replace(ASKED, person=account.nik, account_id=account.id)
    send(mine)
    verify(wrong(latest_code()), mine)
    assert events(EventKind.AUTHN_CODE_SENT) == 1
    assert events(EventKind.AUTHN_CODE_FAIL) == 1
    session.rollback()
    assert set(session.scalars(select(AuditEvent.account_id))) == {account.id}


def test_codes_and_sendings_are_forgotten_in_time(clock: Clock) -> None:
    send()
    clock.advance(minutes=30)
    assert purged(OneTimeCode, SendingLog) == 0
    clock.advance(hours=1)
    assert purged(OneTimeCode, SendingLog) == 3
    session.rollback()
    assert session.scalar(select(func.count()).select_from(OneTimeCode)) == 0


@pytest.mark.parametrize("typed", ["000123", "000 123"])
def test_leading_zeros_count(typed: str) -> None:
    assert six_digits.read(typed) == "000123"
