"""SMS gateways that hang, dribble, lie, break off or are impostors."""

import ssl
import traceback

import pytest
import trustme

from jkn.gateways.outgoing import Accepted, Temporary
from jkn.gateways.sms_http import SECONDS, JsonSmsGateway, ZenzivaSmsGateway
from jkn.service_url import read_sms_url
from tests.gateways.conftest import server_context, wait_until_nobody_talks
from tests.support.gateways.http_stub import Exchange, HttpStub, http_stub
from tests.support.gateways.raw_server import Dribbling, raw_server
from tests.support.gateways.sms_gateways import (
    BOTH,
    SMS,
    Behaviour,
    GatewayOf,
    answering,
    json_gateway,
    zenziva_gateway,
)
from tests.support.gateways.time_limits import PATIENT, over_before_the_body, over_when
from tests.support.world.ports import reserved_port

SILENT: dict[str, Behaviour] = {
    "hangs": lambda exchange: exchange.hang(),
    "dribbles its status line": lambda exchange: exchange.dribble(b"HTTP/1.1 20"),
    "dribbles its headers": lambda exchange: exchange.dribble(b"HTTP/1.1 200 OK\r\nX-A: "),
    "dribbles many headers": lambda exchange: exchange.dribble(b"HTTP/1.1 200 OK\r\n", b"A: b\r\n"),
    "goes on continuing": lambda exchange: exchange.dribble(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
}


@BOTH
@pytest.mark.parametrize("behave", SILENT.values(), ids=SILENT.keys())
def test_a_gateway_that_never_ends_does_not_hold_us(
    gateway_of: GatewayOf, behave: Behaviour
) -> None:
    with http_stub(behave) as stub:
        with (
            over_when(lambda: stub.held) as limits,
            pytest.raises(Temporary, match="TimeoutError"),
        ):
            gateway_of(stub).send(SMS)
        wait_until_nobody_talks()
        assert len(stub.received) == 1
    assert limits == [PATIENT]


def test_three_seconds_are_the_longest() -> None:
    assert SECONDS == 3.0
    url = read_sms_url("http://the-token@localhost/")
    assert JsonSmsGateway(url)._seconds == ZenzivaSmsGateway(url)._seconds == SECONDS


def endless(exchange: Exchange) -> None:
    exchange.dribble(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n")


def test_what_the_status_said_counts_when_the_rest_never_comes() -> None:
    with http_stub(endless) as stub, over_before_the_body():
        assert json_gateway(stub).send(SMS) == Accepted("127.0.0.1", None)
        with pytest.raises(Temporary, match="not taken"):
            zenziva_gateway(stub).send(SMS)


def test_only_the_beginning_of_a_huge_answer_is_read() -> None:
    written = []

    def huge(exchange: Exchange) -> None:
        exchange.say(b"HTTP/1.1 200 OK\r\nContent-Length: 5242880\r\n\r\n")
        for _ in range(80):
            exchange.say(b"x" * 65_536)
            written.append(65_536)

    with http_stub(huge) as stub:
        assert json_gateway(stub).send(SMS) == Accepted("127.0.0.1", None)
        with pytest.raises(Temporary):
            zenziva_gateway(stub).send(SMS)
    # The server could write only what fits into the two socket buffers.
    assert sum(written) < 2 * 5_242_880


def broken(exchange: Exchange) -> None:
    exchange.say(b"HTTP/1.1 200 OK\r\nContent-Len")
    exchange.reset()


BROKEN: dict[str, Behaviour] = {
    "resets the connection": lambda exchange: exchange.reset(),
    "breaks off in the headers": broken,
    "closes without a word": lambda exchange: None,
    "speaks something else": lambda exchange: exchange.say(b"+OK POP3 ready\r\n"),
    "sends a header without end": lambda exchange: exchange.say(
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000
    ),
    "sends too many headers": lambda exchange: exchange.say(
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n"
    ),
}


@BOTH
@pytest.mark.parametrize("behave", BROKEN.values(), ids=BROKEN.keys())
def test_a_gateway_that_breaks_off_may_take_it_next_time(
    gateway_of: GatewayOf, behave: Behaviour
) -> None:
    with http_stub(behave) as stub, pytest.raises(Temporary):
        gateway_of(stub).send(SMS)


def test_a_gateway_that_answers_twice_is_heard_once() -> None:
    once = b'HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{"id": "%d"}'

    def twice(exchange: Exchange) -> None:
        exchange.say(once % 1 + once % 2)

    with http_stub(twice) as stub:
        assert json_gateway(stub).send(SMS) == Accepted("127.0.0.1", "1")
    assert len(stub.received) == 1


def test_a_gateway_that_is_not_there_is_temporary() -> None:
    with (
        reserved_port() as port,
        pytest.raises(Temporary, match="ConnectionRefusedError"),
    ):
        json_gateway(HttpStub(port, answering(200))).send(SMS)


def test_a_proxy_of_the_environment_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with http_stub(answering(500)) as proxy, http_stub(answering(200)) as stub:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        json_gateway(stub).send(SMS)
    assert (len(stub.received), proxy.received) == (1, [])


def no_trust() -> "pytest.RaisesExc[Temporary]":
    return pytest.raises(Temporary, match="SSLCertVerificationError")


def over_tls(host: str, stub: HttpStub, tls: ssl.SSLContext | None) -> JsonSmsGateway:
    return JsonSmsGateway(read_sms_url(f"https://t@{host}:{stub.port}/"), seconds=PATIENT, tls=tls)


def test_over_tls_it_is_handed_over(trusting: ssl.SSLContext, server_tls: ssl.SSLContext) -> None:
    with http_stub(answering(200, b'{"id": "1"}'), server_tls) as stub:
        assert over_tls("localhost", stub, trusting).send(SMS) == Accepted("localhost", "1")
    assert stub.received[0].headers["Host"] == f"localhost:{stub.port}"


def test_a_certificate_that_nobody_vouches_for_ends_the_talk(server_tls: ssl.SSLContext) -> None:
    with http_stub(answering(200), server_tls) as stub, no_trust():
        over_tls("localhost", stub, None).send(SMS)
    assert stub.received == []


def test_a_certificate_of_another_host_ends_the_talk(
    authority: trustme.CA, trusting: ssl.SSLContext
) -> None:
    other = server_context(authority.issue_cert("sms.example"))
    with http_stub(answering(200), other) as stub, no_trust():
        over_tls("localhost", stub, trusting).send(SMS)
    assert stub.received == []


def test_a_handshake_that_never_ends_does_not_hold_us(trusting: ssl.SSLContext) -> None:
    silent = Dribbling(b"")
    with raw_server(silent) as port:
        gateway = over_tls("localhost", HttpStub(port, answering(200)), trusting)
        with (
            over_when(lambda: silent.held) as limits,
            pytest.raises(Temporary, match="TimeoutError"),
        ):
            gateway.send(SMS)
        wait_until_nobody_talks()
    assert limits == [PATIENT]


@BOTH
def test_secrets_stand_in_no_description_and_no_error(gateway_of: GatewayOf) -> None:
    secrets = ("the-token", "the-key", "p@ss/key", "p%40ss", "from=JKN", "sendsms")
    with http_stub(answering(401, b"the-token, the-key: wrong")) as stub:
        gateway = gateway_of(stub)
        with pytest.raises(Temporary) as refusal:
            gateway.send(SMS)
    told = "".join(traceback.format_exception(refusal.value, chain=True))
    for shown in (repr(gateway), repr(gateway._url), repr(refusal.value), told):
        assert not [it for it in secrets if it in shown]
