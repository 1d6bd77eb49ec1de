"""SMS gateways over HTTP: one that takes plain JSON, and one in the shape of Zenziva."""

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
# Refusals of our token, contract or pace, not of the message: another gateway may take it.
_ABOUT_US = {401, 402, 403, 407, 408, 429}
_ID_NAMES = ("id", "message_id", "messageId")


class _HttpSmsGateway:
    """`seconds`: the longest time of a whole hand-over. `tls`: which authorities are trusted; None:
    those of the operating system."""

    def __init__(
        self, url: ServiceUrl, *, seconds: float = SECONDS, tls: ssl.SSLContext | None = None
    ) -> None:
        self.name = url.host[:_LONGEST_NAME]
        self._url = url
        self._seconds = seconds
        self._tls = tls or ssl.create_default_context()

    def _post(self, body: str, headers: dict[str, str]) -> dict[str, Any]:
        """The JSON object of a 2xx answer; empty where it holds none. Raises Temporary or
        Permanent for any other answer, and Temporary for none."""
        headers = {**headers, "Accept": "application/json"}
        try:
            answer = post(self._url, body.encode(), headers, seconds=self._seconds, tls=self._tls)
        except NoAnswer as no_answer:
            raise Temporary(no_answer.problem) from None
        if 200 <= answer.status < 300:
            return _read(answer.body)
        if 400 <= answer.status < 500 and answer.status not in _ABOUT_US:
            raise Permanent(f"status {answer.status}")
        raise Temporary(f"status {answer.status}")


class JsonSmsGateway(_HttpSmsGateway):
    """`POST {"id", "to", "text"}` with a bearer token. The id, which is the idempotency key, is
    also in the header `Idempotency-Key`, so that a gateway can tell a second try from a second
    message. Any 2xx means that it was taken."""

    def send(self, sms: Sms) -> Accepted:
        """Hand an SMS over. Raises Temporary or Permanent."""
        written = {"id": sms.idempotency_key, "to": sms.recipient, "text": sms.text}
        headers = {
            "Authorization": f"Bearer {self._url.user}",
            "Content-Type": "application/json",
            "Idempotency-Key": sms.idempotency_key,
        }
        return Accepted(self.name, _delivery_id(self._post(json.dumps(written), headers)))


class ZenzivaSmsGateway(_HttpSmsGateway):
    """Form fields `userkey`, `passkey`, `to`, `message`; the JSON answer says in `status` whether
    it was taken. There is no idempotency key: a second try after no answer may be a second SMS."""

    def send(self, sms: Sms) -> Accepted:
        """Hand an SMS over. Raises Temporary or Permanent."""
        form = {
            "userkey": self._url.user,
            "passkey": self._url.password,
            # With a leading 0, as its manual shows.
            "to": sms.recipient.replace("+62", "0", 1),
            "message": sms.text,
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = self._post(urlencode(form), headers)
        if str(answer.get("status")) != "1":
            # Its reasons are sentences, mostly about key and credit. We have checked the number.
            raise Temporary("not taken")
        return Accepted(self.name, _delivery_id(answer))


def _read(body: bytes) -> dict[str, Any]:
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}


def _delivery_id(answer: dict[str, Any]) -> str | None:
    """The gateway's own id for the message, made safe to keep and print; None where it gives
    none."""
    for name in _ID_NAMES:
        given = answer.get(name)
        if isinstance(given, str | int) and not isinstance(given, bool):
            clean = "".join(it for it in str(given) if it.isascii() and it.isprintable())
            return clean[:_LONGEST_ID] or None
    return None
