"""E-mail against a real SMTP server: what arrives there, and what each answer means."""

import ssl
from datetime import UTC, datetime

import pytest

from jkn.gateways.email_smtp import SmtpGateway
from jkn.gateways.outgoing import Accepted, NotAccepted, Permanent, Temporary
from jkn.service_url import read_smtp_url
from tests.support.gateways.mail_gateways import EMAIL, SENDER, changed, gateway_on
from tests.support.gateways.smtp_stub import LOGIN, SmtpStub, say, smtp_stub
from tests.support.world.clock import BEGINNING


def test_text_and_html_arrive_with_their_headers() -> None:
    with smtp_stub() as stub:
        taken = gateway_on(stub.port).send(EMAIL)
    assert taken == Accepted("localhost", "2.0.0 Ok: queued as 4ZxT0p")
    (mail,) = stub.delivered
    assert (mail.sender, mail.recipients) == (SENDER, [EMAIL.recipient])
    assert mail.greeted_as == "jkn.example"
    message = mail.message
    assert {name: str(value) for name, value in message.items() if name != "Content-Type"} == {
        "From": "Mobile JKN <tidak-dibalas@jkn.example>",
        "To": "siti.marufah@example.id",
        "Subject": "Kode Mobile JKN é",
        "Date": "Sun, 03 May 2026 02:30:00 +0000",
        "Message-ID": f"<{EMAIL.idempotency_key}@jkn.example>",
        "Auto-Submitted": "auto-generated",
        "MIME-Version": "1.0",
    }
    assert datetime(2026, 5, 3, 2, 30, tzinfo=UTC) == BEGINNING
    text, html = message.iter_parts()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert text.get_content().replace("\r\n", "\n") == EMAIL.text + "\n"
    assert html.get_content().strip() == EMAIL.html
    assert mail.raw.isascii()


def test_a_second_try_carries_the_same_message_id() -> None:
    with smtp_stub(SmtpStub(to_text=say("451 4.3.0 later"))) as stub:
        for _ in range(2):
            with pytest.raises(Temporary):
                gateway_on(stub.port).send(EMAIL)
    assert [it.message["Message-ID"] for it in stub.delivered] == [
        f"<{EMAIL.idempotency_key}@jkn.example>"
    ] * 2


@pytest.mark.parametrize("step", ["to_sender", "to_recipient", "to_text"])
@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        ("421 4.3.2 closing", Temporary),
        ("450 4.2.1 busy", Temporary),
        ("451 4.3.0 local error", Temporary),
        ("452 4.2.2 full", Temporary),
        ("550 5.1.1 no such user", Permanent),
        ("552 5.2.2 too big", Permanent),
        ("554 5.7.1 spam", Permanent),
        ("530 5.7.0 authentication required", Temporary),
        ("535 5.7.8 credentials invalid", Temporary),
    ],
)
def test_the_answer_decides(step: str, reply: str, outcome: type[NotAccepted]) -> None:
    with smtp_stub(SmtpStub(**{step: say(reply)})) as stub, pytest.raises(NotAccepted) as refusal:
        gateway_on(stub.port).send(EMAIL)
    assert type(refusal.value) is outcome
    assert refusal.value.problem == f"status {reply[:3]}"
    assert len(stub.delivered) == (step == "to_text")


@pytest.mark.parametrize(
    "recipient",
    [
        "",
        "siti",
        "siti@",
        "@example.id",
        "siti@example.id\r\nRCPT TO:<x@example.id>",
        "siti@example.id\n",
        "siti@example.id, x@example.id",
        "siti@example.id x@example.id",
        "Siti <siti@example.id>",
        "<siti@example.id>",
        '"siti marufah"@example.id',
        "sïti@example.id",
        "siti..marufah@example.id",
        "siti@exa\x00mple.id",
        "s" * 250 + "@example.id",
    ],
)
def test_a_recipient_that_is_no_single_address_gets_nothing(recipient: str) -> None:
    with smtp_stub() as stub, pytest.raises(Permanent, match="no address"):
        gateway_on(stub.port).send(changed(recipient=recipient))
    assert (stub.delivered, stub.sessions) == ([], 0)


@pytest.mark.parametrize("hidden", ["\r\n", "\n", "\r", "\n ", "\x00", "\x0b", "\u2028", "\x85"])
def test_a_line_break_in_a_subject_begins_no_header(hidden: str) -> None:
    subject = f"Halo Budi{hidden}Bcc: x@example.id{hidden}{hidden}Isi lain"
    with smtp_stub() as stub:
        gateway_on(stub.port).send(changed(subject=subject))
    (mail,) = stub.delivered
    assert mail.recipients == [EMAIL.recipient]
    assert mail.message["Bcc"] is None
    assert mail.message["Subject"] == "Halo Budi Bcc: x@example.id Isi lain"
    assert len(list(mail.message.iter_parts())) == 2


def test_long_words_of_any_script_arrive_whole() -> None:
    subject = "Kode Mobile JKN untuk mengganti kata sandi Anda — é " * 6 + "あ" * 90
    long_line = "x" * 5000
    with smtp_stub() as stub:
        gateway_on(stub.port).send(changed(subject=subject, text=f"{long_line}\nあé"))
    (mail,) = stub.delivered
    assert mail.message["Subject"] == subject
    assert max(map(len, mail.raw.split(b"\r\n"))) <= 998
    text = next(mail.message.iter_parts()).get_content()
    assert text.splitlines() == [long_line, "あé"]


def test_the_message_id_stays_whole_under_a_long_domain() -> None:
    sender = "tidak-dibalas@" + ".".join(["pemberitahuan"] * 9) + ".example"
    with smtp_stub() as stub:
        SmtpGateway(read_smtp_url(f"smtp://localhost:{stub.port}"), sender).send(EMAIL)
    (mail,) = stub.delivered
    domain = sender.partition("@")[2]
    assert mail.message["Message-ID"] == f"<{EMAIL.idempotency_key}@{domain}>"
    assert mail.message["From"].addresses[0].addr_spec == sender


@pytest.mark.parametrize(
    ("reply", "kept"),
    [
        ("250 OK id=1abc-\x07def\tx", "OK id=1abc- def x"),
        ("250 " + "9" * 300, "9" * 200),
        ("250 2.6.0 <siti.marufah@example.id> queued", None),
        ("250", None),
    ],
)
def test_what_the_server_calls_it_is_kept_unless_it_may_name_somebody(
    reply: str, kept: str | None
) -> None:
    with smtp_stub(SmtpStub(to_text=say(reply))) as stub:
        assert gateway_on(stub.port).send(EMAIL) == Accepted("localhost", kept)


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
def test_encrypted_and_with_the_login_it_is_taken(
    scheme: str, trusting: ssl.SSLContext, server_tls: ssl.SSLContext
) -> None:
    how = {scheme.removeprefix("smtp+"): server_tls}
    login = "the-user:the-pass%20word@"
    with smtp_stub(SmtpStub(asks_for_login=True), **how) as stub:
        gateway_on(stub.port, scheme, login, tls=trusting).send(EMAIL)
    (mail,) = stub.delivered
    assert (mail.is_encrypted, mail.login) == (True, LOGIN[0])
