"""The SMS that the tests send, and the two kinds of gateway bound to a stub."""

from collections.abc import Callable
from typing import Any

import pytest

from jkn.gateways.outgoing import Sms
from jkn.gateways.sms_http import JsonSmsGateway, ZenzivaSmsGateway
from jkn.service_url import read_sms_url
from tests.support.gateways.http_stub import Exchange, HttpStub
from tests.support.gateways.time_limits import PATIENT

SMS = Sms("0f" * 16, "+6281234567890", "Kode JKN: 012345 untuk é.\n@jkn.example #012345")
Behaviour = Callable[[Exchange], None]


def answering(status: int, body: bytes = b"", **headers: str) -> Behaviour:
    return lambda exchange: exchange.answer(status, body, **headers)


def json_gateway(stub: HttpStub, seconds: float = PATIENT) -> JsonSmsGateway:
    url = read_sms_url(f"http://the-token@127.0.0.1:{stub.port}/v1/sms?from=JKN")
    return JsonSmsGateway(url, seconds=seconds)


def zenziva_gateway(stub: HttpStub, seconds: float = PATIENT) -> ZenzivaSmsGateway:
    url = read_sms_url(f"zenziva+http://the-key:p%40ss%2Fkey@127.0.0.1:{stub.port}/api/sendsms/")
    return ZenzivaSmsGateway(url, seconds=seconds)


BOTH = pytest.mark.parametrize("gateway_of", [json_gateway, zenziva_gateway])
GatewayOf = Callable[..., Any]
