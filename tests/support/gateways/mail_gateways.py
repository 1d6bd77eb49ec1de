"""The e-mail that the tests send, and a gateway bound to a stub."""

from typing import Any

from jkn.gateways.email_smtp import SmtpGateway
from jkn.gateways.outgoing import Email
from jkn.service_url import read_smtp_url
from tests.support.gateways.time_limits import PATIENT

SENDER = "tidak-dibalas@jkn.example"
EMAIL = Email(
    "0f" * 16,
    "siti.marufah@example.id",
    "Kode Mobile JKN é",
    "Kode Anda: 012345\n.\n.Jangan beri tahu siapa pun é.",
    "<!doctype html><p>Kode Anda: 012345</p>",
)


def gateway_on(port: int, scheme: str = "smtp", login: str = "", **options: Any) -> SmtpGateway:
    """A gateway on this port. `options`: of the gateway, for instance `seconds`."""
    url = read_smtp_url(f"{scheme}://{login}localhost:{port}")
    return SmtpGateway(url, SENDER, **{"seconds": PATIENT, **options})


def changed(**changes: str) -> Email:
    """The e-mail with these changes."""
    return Email(**{**EMAIL.__dict__, **changes})
