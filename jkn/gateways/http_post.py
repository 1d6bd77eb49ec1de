"""One POST to an outside service, within a time that is the longest in all.

Python's plain HTTP client: it follows no redirect, knows no proxy, keeps no cookie and unpacks
nothing, so nobody has to switch that off.
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
    """Raises Silence when no status came: nobody knows whether it was received."""
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
            # The status alone decides most; a body that never ends must not take it away.
            heard.append(Answer(response.status, b""))
            heard.append(Answer(response.status, response.read(LONGEST_BODY)))

    try:
        within(seconds, talk)
    except (OSError, HTTPException) as error:
        if not heard:
            raise NoAnswer(error) from None
    return heard[-1]
