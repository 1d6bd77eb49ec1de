"""One POST to an outside service, with a time limit for all of it.

It uses Python's plain HTTP client, which follows no redirect, uses no proxy, keeps no cookie and
unpacks nothing, so that none of this has to be switched off.
"""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection

from jkn.gateways.connection import Line, NoAnswer, within
from jkn.service_url import ServiceUrl

LONGEST_BODY = 64 * 1024


@dataclass(frozen=True)
class Answer:
    """`body` is cut at `LONGEST_BODY`, and empty where it did not come in time."""

    status: int
    body: bytes = field(repr=False)


def post(
    url: ServiceUrl,
    body: bytes,
    headers: Mapping[str, str],
    *,
    seconds: float,
    tls: ssl.SSLContext,
) -> Answer:
    """Send a POST, and return the answer. Raises NoAnswer when no status came within `seconds`:
    then nobody knows whether the service received it."""
    heard: list[Answer] = []

    def talk(line: Line) -> None:
        connection = (
            HTTPSConnection(url.host, url.port, context=tls)
            if url.is_encrypted
            else HTTPConnection(url.host, url.port)
        )
        connection.sock = line.open(url.host, url.port, tls if url.is_encrypted else None)
        sent = {**headers, "Connection": "close"}
        connection.request("POST", url.target or "/", body=body, headers=sent)
        with connection.getresponse() as response:
            line.check()
            # Kept before the body is read: the status decides most, and the body may never end.
            heard.append(Answer(response.status, b""))
            heard.append(Answer(response.status, response.read(LONGEST_BODY)))

    try:
        within(seconds, talk)
    except (OSError, HTTPException) as error:
        if not heard:
            raise NoAnswer(error) from None
    return heard[-1]
