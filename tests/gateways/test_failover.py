"""Several SMS gateways in order, each a real server: when one fails, the next is tried."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from jkn.gateways import email, sms
from jkn.gateways.failover import Failover
from jkn.gateways.outgoing import Accepted, AtRest, Permanent, Sms, Temporary
from jkn.gateways.simulated import SimulatedGateway
from jkn.gateways.sms_http import JsonSmsGateway, ZenzivaSmsGateway
from jkn.service_url import read_sms_url
from tests.support.gateways.http_stub import HttpStub, http_stub
from tests.support.gateways.mail_gateways import EMAIL, SENDER
from tests.support.gateways.sms_gateways import SMS, Behaviour, answering
from tests.support.gateways.smtp_stub import smtp_stub
from tests.support.gateways.time_limits import PATIENT, over_when
from tests.support.world.collected_logs import collected_logs
from tests.support.world.connected import settings_for

LONG_REST = 600.0


def named(name: str, stub: HttpStub) -> JsonSmsGateway:
    gateway = JsonSmsGateway(read_sms_url(f"http://t@127.0.0.1:{stub.port}/"), seconds=PATIENT)
    gateway.name = name
    return gateway


@contextmanager
def chain(*behaviours: Behaviour) -> Iterator[tuple[Failover[Sms], list[HttpStub]]]:
    """Gateways called a, b, c … that behave like this."""
    with ExitStack() as stack:
        stubs = [stack.enter_context(http_stub(it)) for it in behaviours]
        gateways = [named(name, stub) for name, stub in zip("abc", stubs, strict=False)]
        yield Failover(gateways, rest_seconds=LONG_REST), stubs


def asked(stubs: list[HttpStub]) -> list[int]:
    return [len(it.received) for it in stubs]


def test_the_first_takes_it_and_the_others_hear_nothing() -> None:
    with chain(answering(200, b'{"id": 7}'), answering(200)) as (gateways, stubs):
        assert gateways.send(SMS) == Accepted("a", "7")
        assert asked(stubs) == [1, 0]


@pytest.mark.parametrize(
    "behave",
    [
        answering(500),
        answering(503),
        answering(429),
        answering(401),
        answering(403),
        lambda exchange: exchange.hang(),
        lambda exchange: exchange.reset(),
        lambda exchange: exchange.dribble(b"HTTP/1.1 2"),
    ],
    ids=["500", "503", "429", "401", "403", "hangs", "resets", "dribbles"],
)
def test_what_the_first_gateway_cannot_send_the_next_one_does_in_the_same_try(
    behave: Behaviour,
) -> None:
    with chain(behave, answering(200, b'{"id": "x"}')) as (gateways, stubs):
        with over_when(lambda: stubs[0].held):
            assert gateways.send(SMS) == Accepted("b", "x")
        assert asked(stubs) == [1, 1]
        first, second = (json_of(it) for it in stubs)
        assert first == second


def json_of(stub: HttpStub) -> bytes:
    return stub.received[0].body


def test_a_refusal_of_the_message_ends_it() -> None:
    with chain(answering(422), answering(200)) as (gateways, stubs):
        with pytest.raises(Permanent, match="status 422"):
            gateways.send(SMS)
        assert asked(stubs) == [1, 0]


def test_when_all_fail_each_problem_is_told() -> None:
    with chain(answering(500), answering(401), answering(429)) as (gateways, stubs):
        with pytest.raises(Temporary) as refusal:
            gateways.send(SMS)
        assert refusal.value.problem == "a: status 500; b: status 401; c: status 429"
        assert asked(stubs) == [1, 1, 1]


def test_the_description_of_many_failures_fits_its_column() -> None:
    with http_stub(answering(500)) as stub:
        gateways = Failover([named("x" * 40, stub) for _ in range(9)])
        with pytest.raises(Temporary) as refusal:
            gateways.send(SMS)
    assert len(refusal.value.problem) == 200


def test_a_gateway_that_keeps_hanging_is_passed_over_for_a_while() -> None:
    sleeping: Behaviour = lambda exchange: exchange.hang()  # noqa: E731
    with chain(sleeping, answering(200)) as (gateways, stubs):
        with over_when(lambda: stubs[0].held):
            for _ in range(8):
                assert gateways.send(SMS).gateway == "b"
        assert asked(stubs) == [3, 8]


def test_a_gateway_that_refuses_messages_is_not_passed_over() -> None:
    with chain(answering(400), answering(200)) as (gateways, stubs):
        for _ in range(6):
            with pytest.raises(Permanent):
                gateways.send(SMS)
        assert asked(stubs) == [6, 0]


def test_when_all_gateways_rest_none_is_asked() -> None:
    with chain(answering(500), answering(500)) as (gateways, stubs):
        for _ in range(3):
            with pytest.raises(Temporary):
                gateways.send(SMS)
        with pytest.raises(AtRest) as refusal:
            gateways.send(SMS)
        assert refusal.value.problem == "a: resting; b: resting"
        assert 0 < refusal.value.seconds <= LONG_REST
        assert asked(stubs) == [3, 3]


def test_while_one_of_several_gateways_is_asked_nobody_rests() -> None:
    with chain(answering(500), answering(500)) as (gateways, stubs):
        (_, breaker), _ = gateways._gateways
        for _ in range(3):
            with pytest.raises(Temporary):
                breaker.call(gateways._gateways[0][0].send, SMS)
        with pytest.raises(Temporary) as refusal:
            gateways.send(SMS)
        assert refusal.value.problem == "a: resting; b: status 500"
        assert not isinstance(refusal.value, AtRest)
        assert asked(stubs) == [3, 1]


@pytest.mark.parametrize("database_copies", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("app")
def test_the_log_names_the_gateway_that_failed_and_nobody_else() -> None:
    with chain(answering(500), answering(200)) as (gateways, _), collected_logs() as lines:
        gateways.send(SMS)
    (line,) = lines
    assert "gateway_failed" in line
    assert "status 500" in line
    for secret in ("81234567890", "012345", SMS.idempotency_key, "Bearer"):
        assert secret not in line


# From settings to gateways


def from_settings(**changes: object) -> tuple[object, object]:
    settings = settings_for("sqlite://", Path("assets"), changes)
    return sms.from_settings(settings), email.from_settings(settings)


def test_without_addresses_messages_are_simulated() -> None:
    assert [type(it) for it in from_settings()] == [SimulatedGateway, SimulatedGateway]


def test_the_scheme_chooses_the_kind_and_the_order_stays() -> None:
    urls = ("zenziva+https://k:p@one.example/a", "https://t@two.example/b")
    gateways, post = from_settings(
        sms_url=urls, smtp_url="smtps://u:p@mail.example", mail_from="jkn@jkn.example"
    )
    assert isinstance(gateways, Failover)
    assert [(type(it), it.name) for it, _ in gateways._gateways] == [
        (ZenzivaSmsGateway, "one.example"),
        (JsonSmsGateway, "two.example"),
    ]
    assert isinstance(post, Failover)
    assert [it.name for it, _ in post._gateways] == ["mail.example"]


def test_from_settings_to_a_gateway_on_this_machine() -> None:
    with http_stub(answering(200, b'{"id": "real"}')) as stub:
        gateways, _ = from_settings(sms_url=(f"http://t@127.0.0.1:{stub.port}/",))
        assert isinstance(gateways, Failover)
        assert gateways.send(SMS).delivery_id == "real"


@pytest.mark.parametrize(
    ("chosen", "sender"),
    [({"mail_from": SENDER}, SENDER), ({}, "mobile-jkn@localhost")],
    ids=["chosen", "of the host"],
)
def test_mail_comes_from_the_sender_of_the_settings(chosen: dict[str, str], sender: str) -> None:
    with smtp_stub() as stub:
        _, post = from_settings(smtp_url=f"smtp://127.0.0.1:{stub.port}", **chosen)
        assert isinstance(post, Failover)
        post.send(EMAIL)
    assert [it.sender for it in stub.delivered] == [sender]
