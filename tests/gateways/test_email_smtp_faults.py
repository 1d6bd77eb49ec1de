"""SMTP servers that drop the connection, hang, dribble, refuse the login or are impostors."""

import ssl
import traceback

import pytest
import trustme

from jkn.gateways.email_smtp import SECONDS, SmtpGateway
from jkn.gateways.outgoing import Temporary
from jkn.service_url import read_smtp_url
from tests.gateways.conftest import server_context, wait_until_nobody_talks
from tests.support.gateways.mail_gateways import EMAIL, SENDER, gateway_on
from tests.support.gateways.raw_server import Dribbling, Talk, raw_server, saying
from tests.support.gateways.smtp_stub import SmtpStub, drop, hang, smtp_stub
from tests.support.gateways.time_limits import PATIENT, over_when
from tests.support.world.ports import reserved_port

RIGHT = "the-user:the-pass%20word@"


def test_a_connection_dropped_after_the_text_is_tried_again_with_the_same_id() -> None:
    stub = SmtpStub(to_text=drop)
    with smtp_stub(stub), pytest.raises(Temporary, match="SMTPServerDisconnected"):
        gateway_on(stub.port).send(EMAIL)
    with smtp_stub() as again:
        gateway_on(again.port).send(EMAIL)
    first, second = stub.delivered[0].message, again.delivered[0].message
    assert first["Message-ID"] == second["Message-ID"] == f"<{EMAIL.idempotency_key}@jkn.example>"


@pytest.mark.parametrize("step", ["to_sender", "to_recipient", "to_text"])
def test_a_slow_server_does_not_hold_us(step: str) -> None:
    with smtp_stub(SmtpStub(**{step: hang})) as stub:
        with over_when(lambda: stub.held) as limits, refused("TimeoutError"):
            gateway_on(stub.port).send(EMAIL)
        wait_until_nobody_talks()
    assert limits == [PATIENT]


def test_a_hand_over_takes_less_than_20_seconds() -> None:
    assert SECONDS < 20
    assert SmtpGateway(read_smtp_url("smtp://localhost:25"), SENDER)._seconds == SECONDS


ENDLESS = {
    "its greeting": Dribbling(b"220 ", b"x"),
    "a greeting of many lines": Dribbling(b"", b"220-hello\r\n"),
    "its abilities": Dribbling(b"220 hello\r\n", b"250-SIZE\r\n"),
    "an answer to nothing": Dribbling(
        b"220 hello\r\n250 hello\r\n250 ok\r\n250 ok\r\n354 go", b"."
    ),
}


@pytest.mark.parametrize("talk", ENDLESS.values(), ids=ENDLESS.keys())
def test_a_server_that_dribbles_does_not_hold_us(talk: Dribbling) -> None:
    with raw_server(talk) as port:
        with over_when(lambda: talk.held) as limits, refused("TimeoutError"):
            gateway_on(port).send(EMAIL)
        wait_until_nobody_talks()
    assert limits == [PATIENT]


STRANGE: dict[str, Talk] = {
    "no service here": saying(b"554 5.7.1 no mail for you\r\n"),
    "come back later": saying(b"421 4.3.2 too busy\r\n"),
    "another protocol": saying(b"+OK POP3 ready\r\n"),
    "an endless line": saying(b"220 " + b"x" * 20_000 + b"\r\n"),
    "no hello": saying(b"220 hello\r\n500 no\r\n500 no\r\n"),
    "an endless line after the text": saying(
        b"220 hello\r\n250 hello\r\n250 ok\r\n250 ok\r\n354 go\r\n250 " + b"x" * 20_000 + b"\r\n"
    ),
    "no number after the text": saying(
        b"220 hello\r\n250 hello\r\n250 ok\r\n250 ok\r\n354 go\r\nqueued\r\n"
    ),
    "nothing": lambda connection, _end: None,
}


@pytest.mark.parametrize("talk", STRANGE.values(), ids=STRANGE.keys())
def test_a_failure_of_the_server_is_temporary(talk: Talk) -> None:
    with raw_server(talk) as port, pytest.raises(Temporary):
        gateway_on(port).send(EMAIL)


def test_a_refusal_before_the_text_is_one_of_the_message() -> None:
    talk = saying(b"220 hello\r\n250 hello\r\n250 ok\r\n250 ok\r\n554 5.6.0 not this\r\n")
    with raw_server(talk) as port, pytest.raises(Exception, match="status 554") as refusal:
        gateway_on(port).send(EMAIL)
    assert type(refusal.value).__name__ == "Permanent"


def test_an_accepted_email_counts_though_the_server_never_says_goodbye() -> None:
    talk = saying(b"220 hello\r\n250 hello\r\n250 ok\r\n250 ok\r\n354 go\r\n250 queued\r\n")
    with raw_server(talk) as port:
        assert gateway_on(port).send(EMAIL).delivery_id == "queued"


def test_a_server_that_is_not_there_is_temporary() -> None:
    with reserved_port() as port, refused("ConnectionRefusedError"):
        gateway_on(port).send(EMAIL)


# Encryption and login

BOTH_WAYS = pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])


def on_offer(scheme: str, tls: ssl.SSLContext) -> dict[str, ssl.SSLContext]:
    return {scheme.removeprefix("smtp+"): tls}


def refused(problem: str) -> "pytest.RaisesExc[Temporary]":
    return pytest.raises(Temporary, match=problem)


@BOTH_WAYS
def test_a_wrong_login_is_temporary_and_sends_nothing(
    scheme: str, trusting: ssl.SSLContext, server_tls: ssl.SSLContext
) -> None:
    with smtp_stub(SmtpStub(asks_for_login=True), **on_offer(scheme, server_tls)) as stub:
        with pytest.raises(Temporary, match="SMTPAuthenticationError"):
            gateway_on(stub.port, scheme, "the-user:wrong@", tls=trusting).send(EMAIL)
        with pytest.raises(Temporary, match="status 530"):
            gateway_on(stub.port, scheme, tls=trusting).send(EMAIL)
    assert stub.delivered == []


def test_a_server_that_knows_no_login_gets_no_mail() -> None:
    talk = saying(b"220 hello\r\n250 hello\r\n250 ok\r\n250 ok\r\n354 go\r\n250 queued\r\n")
    with raw_server(talk) as port, pytest.raises(Temporary, match="SMTPNotSupportedError"):
        gateway_on(port, login=RIGHT).send(EMAIL)


def test_nothing_is_sent_when_the_server_offers_no_encryption(trusting: ssl.SSLContext) -> None:
    with smtp_stub(SmtpStub()) as stub, refused("SMTPNotSupportedError"):
        gateway_on(stub.port, "smtp+starttls", RIGHT, tls=trusting).send(EMAIL)
    assert stub.delivered == []


@BOTH_WAYS
def test_a_certificate_that_nobody_vouches_for_ends_the_talk(
    scheme: str, server_tls: ssl.SSLContext
) -> None:
    with smtp_stub(**on_offer(scheme, server_tls)) as stub, refused("SSLCertVerificationError"):
        gateway_on(stub.port, scheme, RIGHT).send(EMAIL)
    assert stub.delivered == []


@BOTH_WAYS
def test_a_certificate_of_another_host_ends_the_talk(
    scheme: str, authority: trustme.CA, trusting: ssl.SSLContext
) -> None:
    other = server_context(authority.issue_cert("mail.example"))
    with smtp_stub(**on_offer(scheme, other)) as stub, refused("SSLCertVerificationError"):
        gateway_on(stub.port, scheme, RIGHT, tls=trusting).send(EMAIL)
    assert stub.delivered == []


STUCK = {
    "at once": ("smtps", Dribbling(b"")),
    "after STARTTLS": (
        "smtp+starttls",
        Dribbling(b"220 hello\r\n250-hello\r\n250 STARTTLS\r\n220 go\r\n"),
    ),
}


@pytest.mark.parametrize(("scheme", "talk"), STUCK.values(), ids=STUCK.keys())
def test_a_handshake_that_never_ends_does_not_hold_us(scheme: str, talk: Dribbling) -> None:
    with raw_server(talk) as port:
        with over_when(lambda: talk.held) as limits, refused("TimeoutError"):
            gateway_on(port, scheme, RIGHT).send(EMAIL)
        wait_until_nobody_talks()
    assert limits == [PATIENT]


def test_words_slipped_in_before_the_encryption_are_not_believed(
    trusting: ssl.SSLContext,
) -> None:
    """Words after the answer to STARTTLS come from an attacker on the line."""
    slipped = b"220 go\r\n235 2.7.0 welcome\r\n"
    talk = saying(b"220 hello\r\n250-hello\r\n250 STARTTLS\r\n" + slipped)
    with raw_server(talk) as port, pytest.raises(Temporary, match=r"SSL|Timeout"):
        gateway_on(port, "smtp+starttls", RIGHT, seconds=0.4, tls=trusting).send(EMAIL)


def test_secrets_stand_in_no_description_and_no_error() -> None:
    with smtp_stub(SmtpStub(asks_for_login=True)) as stub:
        gateway = gateway_on(stub.port, login="the-user:s3cret-pass@")
        with pytest.raises(Temporary) as refusal:
            gateway.send(EMAIL)
    told = "".join(traceback.format_exception(refusal.value, chain=True))
    for shown in (repr(gateway), repr(gateway._url), repr(refusal.value), told):
        for secret in ("the-user", "s3cret", EMAIL.recipient, "012345"):
            assert secret not in shown
