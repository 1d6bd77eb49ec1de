"""SMS over HTTP: what a gateway receives, and what its answers mean."""

import json
from urllib.parse import parse_qs

import pytest

from jkn.gateways.outgoing import Accepted, NotAccepted, Permanent, Temporary
from tests.support.gateways.http_stub import http_stub
from tests.support.gateways.sms_gateways import (
    BOTH,
    SMS,
    GatewayOf,
    answering,
    json_gateway,
    zenziva_gateway,
)


def test_the_json_gateway_gets_id_number_and_text_and_nothing_else() -> None:
    with http_stub(answering(202, b'{"id": "msg-77"}')) as stub:
        assert json_gateway(stub).send(SMS) == Accepted("127.0.0.1", "msg-77")
    (request,) = stub.received
    assert (request.method, request.path) == ("POST", "/v1/sms?from=JKN")
    assert request.headers == {
        "Host": f"127.0.0.1:{stub.port}",
        "Accept-Encoding": "identity",
        "Content-Length": str(len(request.body)),
        "Authorization": "Bearer the-token",
        "Content-Type": "application/json",
        "Idempotency-Key": SMS.idempotency_key,
        "Accept": "application/json",
        "Connection": "close",
    }
    assert json.loads(request.body) == {
        "id": SMS.idempotency_key,
        "to": "+6281234567890",
        "text": SMS.text,
    }


def test_zenziva_gets_its_form_and_the_number_as_at_home() -> None:
    with http_stub(answering(200, b'{"messageId": 3141, "status": "1"}')) as stub:
        assert zenziva_gateway(stub).send(SMS) == Accepted("127.0.0.1", "3141")
    (request,) = stub.received
    assert (request.method, request.path) == ("POST", "/api/sendsms/")
    assert request.headers == {
        "Host": f"127.0.0.1:{stub.port}",
        "Accept-Encoding": "identity",
        "Content-Length": str(len(request.body)),
        "Content-Type": "application/x-www-form-urlencoded",
        "Accept": "application/json",
        "Connection": "close",
    }
    assert parse_qs(request.body.decode(), strict_parsing=True) == {
        "userkey": ["the-key"],
        "passkey": ["p@ss/key"],
        "to": ["081234567890"],
        "message": [SMS.text],
    }


def test_a_second_try_carries_the_same_id() -> None:
    with http_stub(answering(503)) as stub:
        gateway = json_gateway(stub)
        for _ in range(2):
            with pytest.raises(Temporary):
                gateway.send(SMS)
    assert {it.headers["Idempotency-Key"] for it in stub.received} == {SMS.idempotency_key}
    assert {json.loads(it.body)["id"] for it in stub.received} == {SMS.idempotency_key}
    assert len(stub.received) == 2


@BOTH
@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (400, Permanent),
        (404, Permanent),
        (410, Permanent),
        (422, Permanent),
        # The refusal is about our account, not this message, so the next gateway may take it.
        (401, Temporary),
        (402, Temporary),
        (403, Temporary),
        (407, Temporary),
        (408, Temporary),
        (429, Temporary),
        (500, Temporary),
        (502, Temporary),
        (503, Temporary),
        (599, Temporary),
        (103, Temporary),
        (304, Temporary),
    ],
)
def test_the_status_decides(gateway_of: GatewayOf, status: int, outcome: type[NotAccepted]) -> None:
    body = b"" if status in (103, 304) else b'{"status": "1"}'
    with http_stub(answering(status, body)) as stub, pytest.raises(NotAccepted) as refusal:
        gateway_of(stub).send(SMS)
    assert type(refusal.value) is outcome
    assert refusal.value.problem == f"status {status}"


@BOTH
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(gateway_of: GatewayOf, status: int) -> None:
    with http_stub(answering(200, b'{"status": "1"}')) as other:
        elsewhere = f"http://127.0.0.1:{other.port}/"
        with http_stub(answering(status, Location=elsewhere)) as stub, pytest.raises(Temporary):
            gateway_of(stub).send(SMS)
    assert len(stub.received) == 1
    assert other.received == []


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        (b'{"message_id": 77}', "77"),
        (b'{"messageId": "a"}', "a"),
        (b'{"id": "a\\r\\nBcc: b\\u0000\\u00e9"}', "aBcc: b"),
        (b'{"id": "' + b"9" * 300 + b'"}', "9" * 200),
        (b'{"id": ""}', None),
        (b'{"id": true}', None),
        (b'{"id": ["a"]}', None),
        (b'{"id": null, "message_id": "b"}', "b"),
        (b'["id"]', None),
        (b"<html>OK</html>", None),
        (b"\xff\xfe\x00", None),
        (b"[" * 60_000, None),
        (b'{"id": ' + b"9" * 5000 + b"}", None),
        (b"", None),
    ],
)
def test_what_was_accepted_is_accepted_whatever_stands_in_the_answer(
    body: bytes, kept: str | None
) -> None:
    with http_stub(answering(200, body)) as stub:
        assert json_gateway(stub).send(SMS) == Accepted("127.0.0.1", kept)


@pytest.mark.parametrize(
    "body",
    [
        b'{"messageId": 0, "status": "0", "text": "Invalid passkey"}',
        b'{"status": 5, "text": "userkey / passkey salah"}',
        b'{"text": "Success"}',
        b'["1"]',
        b"1",
        b"<html>OK</html>",
        b"",
    ],
)
def test_zenziva_did_not_take_it_unless_it_says_so(body: bytes) -> None:
    with http_stub(answering(200, body)) as stub, pytest.raises(Temporary, match="not taken"):
        zenziva_gateway(stub).send(SMS)


def test_zenziva_may_count_with_numbers() -> None:
    with http_stub(answering(200, b'{"messageId": "x-1", "status": 1}')) as stub:
        assert zenziva_gateway(stub).send(SMS).delivery_id == "x-1"
