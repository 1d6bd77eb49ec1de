"""Registries that hang, break off, are impostors or answer with what cannot be used."""

import ssl
import traceback

import pytest
import trustme

from jkn.gateways.population_registry_http import SECONDS, HttpRegistry
from jkn.service_url import read_registry_url
from tests.gateways.conftest import server_context, wait_until_nobody_talks
from tests.support.gateways.http_stub import Exchange, HttpStub, http_stub
from tests.support.gateways.registry_answers import (
    ASKS,
    BOTH,
    CARD,
    HENDRA,
    NIK,
    OTHER_NIK,
    Ask,
    away,
    body_of,
    giving,
    record,
    registry_on,
)
from tests.support.gateways.sms_gateways import Behaviour, answering
from tests.support.gateways.time_limits import PATIENT, over_before_the_body, over_when
from tests.support.world.collected_logs import collected_logs
from tests.support.world.ports import reserved_port

NUMBERS = (NIK, OTHER_NIK, CARD)


# No answer

SILENT: dict[str, Behaviour] = {
    "hangs": lambda exchange: exchange.hang(),
    "dribbles its status line": lambda exchange: exchange.dribble(b"HTTP/1.1 20"),
    "dribbles its headers": lambda exchange: exchange.dribble(b"HTTP/1.1 200 OK\r\nX-A: "),
    "goes on continuing": lambda exchange: exchange.dribble(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
}


@BOTH
@pytest.mark.parametrize("behave", SILENT.values(), ids=SILENT.keys())
def test_a_registry_that_never_answers_does_not_hold_us(behave: Behaviour, ask: Ask) -> None:
    with http_stub(behave) as stub:
        with over_when(lambda: stub.held) as limits, away("^TimeoutError$"):
            ask(registry_on(stub))
        wait_until_nobody_talks()
        assert len(stub.received) == 1
    assert limits == [PATIENT]


def test_three_seconds_are_the_longest() -> None:
    assert SECONDS == 3.0
    assert HttpRegistry(read_registry_url("http://u:p@localhost/get_json"))._seconds == SECONDS


def test_an_answer_that_never_ends_is_none() -> None:
    started = body_of(record())[:-1]
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (len(started) + 5000)
    with http_stub(lambda exchange: exchange.dribble(head + started, b" ")) as stub:
        with over_before_the_body() as limits, away("^no JSON$"):
            registry_on(stub).person(NIK)
        wait_until_nobody_talks()
    assert limits == [PATIENT]


def broken(exchange: Exchange) -> None:
    exchange.say(b'HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n{"content": [')
    exchange.reset()


BROKEN: dict[str, Behaviour] = {
    "resets the connection": lambda exchange: exchange.reset(),
    "breaks off in the body": broken,
    "closes without a word": lambda exchange: None,
    "speaks something else": lambda exchange: exchange.say(b"+OK POP3 ready\r\n"),
}


@BOTH
@pytest.mark.parametrize("behave", BROKEN.values(), ids=BROKEN.keys())
def test_a_registry_that_breaks_off_is_away(behave: Behaviour, ask: Ask) -> None:
    with http_stub(behave) as stub, away():
        ask(registry_on(stub))


def test_a_registry_that_is_not_there_is_away() -> None:
    with reserved_port() as port, away("^ConnectionRefusedError$"):
        registry_on(HttpStub(port, answering(200))).person(NIK)


# Answers that cannot be used


@BOTH
@pytest.mark.parametrize("status", [201, 204, 206, 304, 400, 401, 403, 404, 429, 500, 503])
def test_every_status_but_200_is_away(status: int, ask: Ask) -> None:
    body = b"" if status in (204, 304) else body_of(record())
    with http_stub(answering(status, body)) as stub, away(f"^status {status}$"):
        ask(registry_on(stub))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(status: int) -> None:
    with http_stub(giving(record())) as other:
        elsewhere = f"http://127.0.0.1:{other.port}/"
        with http_stub(answering(status, Location=elsewhere)) as stub, away(f"status {status}"):
            registry_on(stub).person(NIK)
    assert (len(stub.received), other.received) == (1, [])


# Encryption


def over_tls(stub: HttpStub, tls: ssl.SSLContext | None) -> HttpRegistry:
    url = read_registry_url(f"https://u:p@localhost:{stub.port}/get_json")
    return HttpRegistry(url, seconds=PATIENT, tls=tls)


def test_over_tls_it_is_asked(trusting: ssl.SSLContext, server_tls: ssl.SSLContext) -> None:
    with http_stub(giving(record()), server_tls) as stub:
        assert over_tls(stub, trusting).person(NIK) == HENDRA


def test_a_certificate_that_nobody_vouches_for_ends_the_talk(server_tls: ssl.SSLContext) -> None:
    with http_stub(giving(record()), server_tls) as stub, away("^SSLCertVerificationError$"):
        over_tls(stub, None).person(NIK)
    assert stub.received == []


def test_a_certificate_of_another_host_ends_the_talk(
    authority: trustme.CA, trusting: ssl.SSLContext
) -> None:
    other = server_context(authority.issue_cert("registry.example"))
    with http_stub(giving(record()), other) as stub, away("^SSLCertVerificationError$"):
        over_tls(stub, trusting).person(NIK)
    assert stub.received == []


# What is logged and raised


SPOILT = record(NIK=OTHER_NIK, NAMA_LGKP="BUDI {{7*7}}", RESPON="Kesalahan Budi")


@pytest.mark.parametrize("database_copies", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("app")
def test_the_log_says_what_is_wrong_in_our_words_and_names_nobody() -> None:
    behaviours = (
        answering(500, b"Budi Santoso 3276051703840001 the-user"),
        answering(200, b"<html>Budi Santoso</html>"),
        giving({"RESPON": "Login gagal the-user"}),
        giving(SPOILT),
    )
    with http_stub(answering(500)) as stub, collected_logs() as lines:
        registry = registry_on(stub, failures=99)
        for behave in behaviours:
            stub.behave = behave
            for ask in ASKS.values():
                with away():
                    ask(registry)
    told = [it for it in lines if "registry_failed" in it]
    assert len(told) == len(lines) == 8
    for line, problem in zip(
        told[::2], ("status 500", "no JSON", "refused", "NIK: another"), strict=True
    ):
        assert problem in line
        assert "warning" in line
    assert "NAMA_LGKP: not what it should be" in told[-1]
    for secret in (*NUMBERS, "Budi", "BUDI", "7*7", "the-user", "ss/word", "gagal"):
        assert not [it for it in lines if secret in it]


@pytest.mark.parametrize("behave", [giving(SPOILT), answering(200, b"Budi \xe9"), answering(500)])
@BOTH
def test_secrets_stand_in_no_description_and_no_error(behave: Behaviour, ask: Ask) -> None:
    with http_stub(behave) as stub:
        registry = registry_on(stub)
        with away() as refusal:
            ask(registry)
    told = "".join(traceback.format_exception(refusal.value, chain=True))
    for shown in (repr(registry), repr(registry._url), repr(refusal.value), told):
        for secret in (
            "the-user",
            "ss/word",
            "get_json",
            NIK,
            OTHER_NIK,
            CARD,
            "BUDI",
            "Budi",
            "{{",
        ):
            assert secret not in shown
