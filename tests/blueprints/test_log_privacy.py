"""No number, address, name, code, password or cookie is in any log line, whatever goes wrong (R72).

Lines are read as they would be written, by both renderers. What a canary looks like when it is
encoded for a URL, as JSON or in base64 is known to `tests.support.rules.canaries`.
"""

import json
import smtplib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from flask import Flask

from jkn.database import session, transaction
from jkn.gateways.outgoing import Accepted, Email, Permanent, Sms, Temporary
from jkn.models import Account, Channel
from jkn.services.credentials.one_time_codes import Verdict
from jkn.services.messaging import deliveries
from jkn.services.messaging.deliveries import Gateways
from jkn.services.operations import periodic
from jkn.services.throttling.retry_after import RetryAfter
from jkn.web.access import public
from tests.support.calls.code_calls import ask, asked_by, code_in, give, waiting
from tests.support.clients.page_client import PageClient
from tests.support.rules.canaries import CANARIES
from tests.support.rules.log_lines import RENDERERS, add_token_of_session, watched_lines
from tests.support.steps.sign_in_steps import send_sign_in, sign_in, sign_out, try_to_sign_in
from tests.support.world.clock import Clock
from tests.support.world.factories import make_account

WRONG = "bukan kata sandi siapa pun"
Message = Sms | Email
Failure = Callable[[Message], Exception]

# Unforeseen failures whose words hold the whole message.
FAILURES: dict[str, Failure] = {
    "temporary": lambda _: Temporary("no answer"),
    "permanent": lambda _: Permanent("refused"),
    "the message itself": lambda message: ValueError(message),
    "its text": lambda message: RuntimeError(f"cannot send {message.text!r}"),
    "its bytes": lambda message: OSError(5, message.text.encode()),
    "its recipient": lambda message: ConnectionError(f"https://sms.example/{message.recipient}"),
    "what the server said": lambda message: smtplib.SMTPDataError(554, message.text.encode()),
    "a recipient refused": lambda message: smtplib.SMTPRecipientsRefused(
        {message.recipient: (550, message.text.encode())}
    ),
    "as json": lambda message: KeyError(json.dumps({"to": message.recipient, "t": message.text})),
    "the end of the process": lambda message: MemoryError(message.recipient, message.text),
}


@dataclass
class Gateway:
    """A gateway that fails in one way with every message."""

    failure: Failure

    def send(self, message: Message) -> Accepted:
        raise self.failure(message)


@pytest.fixture(params=RENDERERS)
def lines(request: pytest.FixtureRequest, app: Flask) -> Iterator[list[str]]:
    """Every line of the test, by both renderers; afterwards all are searched for canaries."""
    with watched_lines(request.param) as lines:
        yield lines


@pytest.fixture
def with_failures(own_app: Flask) -> Flask:
    """A route that fails with what a person typed in its message."""

    @own_app.post("/forced")
    @public
    def forced() -> str:
        known = " ".join(CANARIES.values("nik", "card_number", "phone", "email", "code"))
        raise RuntimeError(known)

    @own_app.get("/forced-in-the-database")
    @public
    def in_the_database() -> str:
        (nik, *_), (phone, *_) = CANARIES.values("nik"), CANARIES.values("phone")
        with transaction():
            for _ in range(2):
                session.add(Account(id=1, nik=nik, name=WRONG, phone=phone, password_hash=WRONG))
        return ""

    return own_app


def test_signing_in_right_and_wrong(lines: list[str], client: PageClient, clock: Clock) -> None:
    account = make_account()
    try_to_sign_in(client, account.nik, captcha="54321")
    for _ in range(6):
        try_to_sign_in(client, account.nik, WRONG)
    assert client.status == 429
    clock.advance(minutes=5)
    sign_in(client, account)
    add_token_of_session(client)
    for path in ("/beranda", "/kartu", "/lainnya", "/kartu/999", "/luring"):
        client.get(path)
    sign_out(client)
    for kind in ("nik", "card_number", "password", "cookie"):
        assert CANARIES.values(kind), kind


def test_codes_sent_and_given_back(lines: list[str], client: PageClient, clock: Clock) -> None:
    account = make_account()
    asked = asked_by(account.nik)
    for channel, to in ((Channel.SMS, account.phone), (Channel.EMAIL, account.email)):
        ask(asked, to, channel)
        code = code_in(waiting()[-1].text)
        assert give(asked, f"{(int(code) + 1) % 1_000_000:06}") is Verdict.WRONG
        assert deliveries.deliver_due() == 1
        assert give(asked, code) is Verdict.RIGHT
        clock.advance(minutes=2)
    for number in range(6):
        CANARIES.add("code", f"00000{number}")
        outcome = give(asked, f"00000{number}")
    assert isinstance(outcome, RetryAfter)
    ask(asked_by("3276051703840001"), None)
    periodic.run_due()
    assert len(CANARIES.values("code")) >= 8
    assert "message_handed_over" in "".join(lines)


@pytest.mark.parametrize("database_copies", ["sqlite"], indirect=True)
@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
@pytest.mark.parametrize("channel", Channel)
def test_messages_that_no_gateway_takes(
    lines: list[str], clock: Clock, failure: Failure, channel: Channel
) -> None:
    account = make_account()
    ask(asked_by(account.nik), {"sms": account.phone, "email": account.email}[channel], channel)
    gateway = Gateway(failure)
    deliveries.gateways.provide(Gateways(gateway, gateway))
    for _ in range(3):
        assert deliveries.deliver_due() <= 1
        clock.advance(minutes=3)
    clock.advance(minutes=10)
    deliveries.deliver_due()
    said = "message_refused" if failure is FAILURES["permanent"] else "message_"
    assert any(said in it for it in lines)


def test_requests_that_fail_unforeseen(
    lines: list[str], with_failures: Flask, as_browser: PageClient
) -> None:
    account = make_account()
    sign_in(as_browser, account)
    ask(asked_by(account.nik), account.phone)
    headers = {"Cookie": as_browser.cookies.header(), "X-Request-ID": account.nik}
    token = {"csrf_token": "x", "nik": account.nik, "kode": CANARIES.values("code")[0]}
    with_failures.config["WTF_CSRF_ENABLED"] = False
    answer = with_failures.test_client(use_cookies=False).post(
        f"/forced?nik={account.nik}", data=token, headers=headers
    )
    assert answer.status_code == 500
    assert CANARIES.found_in(answer.text) == []
    answer = with_failures.test_client().get("/forced-in-the-database", headers=headers)
    assert answer.status_code == 500
    assert CANARIES.found_in(answer.text) == []
    assert sum("request_failed" in it for it in lines) == 2
    assert "Traceback" in "".join(lines)


def test_requests_that_are_refused(lines: list[str], as_browser: PageClient) -> None:
    account = make_account()
    as_browser.get("/masuk")
    visitor = as_browser.app.test_client()
    for path in (f"/{account.nik}", f"/kartu/{account.nik}", f"/masuk?x={account.phone}&x=1"):
        visitor.get(path, headers={"User-Agent": str(account.email), "Referer": path})
    visitor.post("/masuk", data={"number": account.nik, "password": WRONG})
    visitor.post("/masuk", json={"number": account.nik})
    visitor.open("/masuk", method=account.nik)
    visitor.get("/", headers={"Authorization": f"Bearer {account.nik}", "X-Request-ID": "048213"})
    send_sign_in(as_browser, str(account.email), account.nik)
    visitor.post(
        "/laporan-csp",
        data=json.dumps({"csp-report": {"document-uri": f"http://localhost/{account.nik}"}}),
        content_type="application/csp-report",
    )
    assert sum("request" in it for it in lines) >= 8
    assert any("csp_violation" in it for it in lines)
