"""SMS gateways that are spoken to over HTTP: a plain JSON one, and the shape of Zenziva."""

import json
import ssl
from typing import Any
from urllib.parse import urlencode

from jkn.gateways.connection import NoAnswer
from jkn.gateways.http_post import post
from jkn.gateways.outgoing import Accepted, Permanent, Sms, Temporary
from jkn.service_url import ServiceUrl

SECONDS = 3.0
_LONGEST_NAME = 40
_LONGEST_ID = 200
# Our token, our contract or our pace, not this message: another gateway may take it.
_ABOUT_US = {401, 402, 403, 407, 408, 429}
_ID_NAMES = ("id", "message_id", "messageId")


class _HttpSmsGateway:
    """`seconds`: the longest time of a hand-over in all. `tls`: whom to trust; the authorities
    that the operating system knows by default."""

    def __init__(
        self, url: ServiceUrl, *, seconds: float = SECONDS, tls: ssl.SSLContext | None = None
    ) -> None:
        self.name = url.host[:_LONGEST_NAME]
        self._url = url
        self._seconds = seconds
        self._tls = tls or ssl.create_default_context()

    def _post(self, body: str, headers: dict[str, str]) -> dict[str, Any]:
        """The JSON object that a gateway gave back with a 2xx; empty where it gave none."""
        headers = {**headers, "Accept": "application/json"}
        try:
            answer = post(self._url, body.encode(), headers, seconds=self._seconds, tls=self._tls)
        except NoAnswer as silence:
            raise Temporary(silence.problem) from None
        if 200 <= answer.status < 300:
            return _read(answer.body)
        if 400 <= answer.status < 500 and answer.status not in _ABOUT_US:
            raise Permanent(f"status {answer.status}")
        raise Temporary(f"status {answer.status}")


class JsonSmsGateway(_HttpSmsGateway):
    """`POST {"id", "to", "text"}` with a bearer token. The id also goes into `Idempotency-Key`, so
    that a gateway can tell a second try from a second message. Any 2xx is accepted."""

    def send(self, sms: Sms) -> Accepted:
        """Raises Temporary or Permanent."""
        written = {"id": sms.idempotency_key, "to": sms.recipient, "text": sms.text}
        headers = {
            "Authorization": f"Bearer {self._url.user}",
            "Content-Type": "application/json",
            "Idempotency-Key": sms.idempotency_key,
        }
        return Accepted(self.name, _delivery_id(self._post(json.dumps(written), headers)))


class ZenzivaSmsGateway(_HttpSmsGateway):
    """Form fields `userkey`, `passkey`, `to`, `message`; the JSON answer says in `status` whether
    it was taken. It knows no id: a second try after silence may be a second SMS."""

    def send(self, sms: Sms) -> Accepted:
        """Raises Temporary or Permanent."""
        form = {
            "userkey": self._url.user,
            "passkey": self._url.password,
            # As people write it at home, which is what its manual shows.
            "to": sms.recipient.replace("+62", "0", 1),
            "message": sms.text,
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = self._post(urlencode(form), headers)
        if str(answer.get("status")) != "1":
            # Its reasons are sentences, mostly about key and credit; the number was checked by us.
            raise Temporary("not taken")
        return Accepted(self.name, _delivery_id(answer))


def _read(body: bytes) -> dict[str, Any]:
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}


def _delivery_id(answer: dict[str, Any]) -> str | None:
    """What the gateway calls the message, made fit to be kept and printed."""
    for name in _ID_NAMES:
        given = answer.get(name)
        if isinstance(given, str | int) and not isinstance(given, bool):
            clean = "".join(it for it in str(given) if it.isascii() and it.isprintable())
            return clean[:_LONGEST_ID] or None
    return None
