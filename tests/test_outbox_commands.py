"""`flask outbox list` and `flask purge`, as operators run them."""

import pytest
from flask import Flask
from sqlalchemy import update

from jkn.database import session, transaction
from jkn.gateways.outgoing import Accepted, Email, Permanent, Sms, Temporary
from jkn.models import Channel, MessageState, OneTimeCode, OutboxMessage, SpentCaptcha
from jkn.services.credentials import captcha
from jkn.services.messaging import deliveries, outbox
from jkn.services.messaging.deliveries import Gateways, deliver_due
from jkn.services.operations import periodic
from tests.support.calls.code_calls import ask, asked_by, write_message
from tests.support.calls.sign_in_calls import CLIENT, answered, count, entered
from tests.support.rules.canaries import CANARIES
from tests.support.world.clock import Clock
from tests.support.world.commands import Flasks, run_in
from tests.support.world.factories import make_account, new_phone

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.both_databases]


class Gateway:
    """Accepts, or raises what it was made with."""

    def __init__(self, refusal: Exception | None = None) -> None:
        self._refusal = refusal

    def send(self, message: Sms | Email) -> Accepted:
        if self._refusal is not None:
            raise self._refusal
        return Accepted("gateway")


@pytest.fixture
def flask(app: Flask) -> Flasks:
    return lambda *words: run_in(app, *words)


def hand_over(refusal: Exception | None = None) -> None:
    gateway = Gateway(refusal)
    deliveries.gateways.provide(Gateways(gateway, gateway))
    deliver_due()


def listed(flask: Flasks, *words: str) -> list[list[str]]:
    """The words of each line but the last, which says how many there are."""
    result = flask("outbox", "list", *words)
    assert result.exit_code == 0
    *lines, last = result.output.splitlines()
    assert last == f"{len(lines)} messages."
    assert not CANARIES.found_in(result.output), result.output
    return [it.split() for it in lines]


def test_nothing_is_listed_while_all_is_well(flask: Flasks, clock: Clock) -> None:
    write_message()
    hand_over()
    write_message()
    clock.advance(minutes=2)
    assert listed(flask) == []


def test_what_is_dead_is_listed_with_why_and_without_whom(flask: Flasks, clock: Clock) -> None:
    idempotency_key = write_message(text="Kode JKN: 048213", topic="code:recovery")
    hand_over(Permanent("number refused"))
    clock.advance(minutes=3, seconds=5)
    assert listed(flask) == [
        [idempotency_key, "sms", "code:recovery", "dead", "1", "tries", "0:03:05", "old",
         "number", "refused"]
    ]  # fmt: skip


def test_what_waits_for_too_long_is_listed_the_oldest_first(flask: Flasks, clock: Clock) -> None:
    first = write_message(Channel.EMAIL)
    hand_over(Temporary("no answer"))
    clock.advance(seconds=90)
    second = write_message()
    clock.advance(seconds=31)
    assert [it[0] for it in listed(flask)] == [first]
    clock.advance(days=1)
    assert listed(flask) == [
        [first, "email", "trial", "waiting", "1", "tries", "1", "day,", "0:02:01", "old",
         "no", "answer"],
        [second, "sms", "trial", "waiting", "0", "tries", "1", "day,", "0:00:31", "old", "-"],
    ]  # fmt: skip


def test_all_of_one_state_are_listed_when_asked_for(flask: Flasks, clock: Clock) -> None:
    handed_over = write_message()
    hand_over()
    dead = write_message()
    hand_over(Permanent("refused"))
    expired = write_message()
    with transaction():
        session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.idempotency_key == expired)
            .values(expires_at=OutboxMessage.created_at)
        )
    hand_over()
    waiting = write_message()
    with transaction():
        outbox.write(Channel.SMS, "trial", None)
    for state, expected in {
        "handed_over": [handed_over], "dead": [dead], "expired": [expired], "waiting": [waiting],
    }.items():  # fmt: skip
        assert [(it[0], it[3]) for it in listed(flask, "--state", state)] == [
            (idempotency_key, state) for idempotency_key in expected
        ]
    assert len(listed(flask, "--state", "nobody")) == 1
    assert [it[0] for it in listed(flask)] == [dead]


def test_a_state_that_does_not_exist_is_refused(flask: Flasks) -> None:
    refused = flask("outbox", "list", "--state", "lost")
    assert refused.exit_code != 0
    assert all(it.value in refused.output for it in MessageState)


def test_the_help_says_why_a_dead_message_is_not_sent_again(flask: Flasks) -> None:
    told = " ".join(flask("outbox", "--help").output.split())
    assert "cannot be sent again" in told
    assert "retry" not in told


def test_the_list_ends_somewhere(flask: Flasks, clock: Clock) -> None:
    with transaction():
        for _ in range(203):
            outbox.write(Channel.SMS, "trial", outbox.Content(new_phone(), "Halo"))
    clock.advance(minutes=5)
    assert len(listed(flask)) == 200


def test_purging_does_all_that_the_worker_repeats(flask: Flasks, clock: Clock) -> None:
    """One table of work: what is added there is purged as well."""
    account = make_account()
    ask(asked_by(account.nik), account.phone)
    assert captcha.accept(answered(), CLIENT)
    clock.advance(minutes=11)
    assert flask("purge").output == (
        "deliveries.wipe_expired: 1 rows\nevent_seals.seal_due: 1 rows\nretention.purge: 4 rows\n"
        "6 rows deleted, wiped, sealed or applied.\n"
    )
    clock.advance(days=31)
    assert "retention.purge: 5 rows" in flask("purge").output
    assert (count(OutboxMessage), count(OneTimeCode), count(SpentCaptcha)) == (0, 0, 0)
    assert flask("purge").output == "0 rows deleted, wiped, sealed or applied.\n"


def test_purging_by_hand_takes_no_turn_of_the_workers(flask: Flasks, clock: Clock) -> None:
    flask("purge")
    entered(make_account().nik)
    clock.advance(minutes=11)
    assert periodic.run_due() == list(periodic.WORK)
    assert count(SpentCaptcha) == 0
    assert periodic.run_due() == []
    clock.advance(days=1)
    assert periodic.run_due() == list(periodic.WORK)
