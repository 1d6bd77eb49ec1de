"""The application behind ASGI: whole requests alone, and PEP 3333's view of them."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from jkn.asgi import WholeRequests

SCOPE = {
    "type": "http",
    "http_version": "1.1",
    "scheme": "http",
    "method": "POST",
    "path": "/",
    "raw_path": b"/",
    "query_string": b"",
    "headers": [],
    "server": ("127.0.0.1", "8000"),
    "client": ("192.0.2.1", "40000"),
}
BODY_AT_MOST = 1_000

Environ = dict[str, Any]


def asked(
    *pieces: bytes | None,
    app: Callable[..., Any] | None = None,
    headers: Sequence[tuple[str, str]] = (),
    **scope: Any,
) -> tuple[Environ | None, list[dict[str, Any]]]:
    """What the application got, None when it was not asked, and what was sent. `pieces` of the
    body come one after the other; None: nothing comes any more."""
    seen: list[Environ] = []
    waiting, sent = list(pieces), []

    def echo(environ: Environ, start_response: Callable[..., Any]) -> list[bytes]:
        seen.append(environ | {"body": environ["wsgi.input"].read()})
        start_response("200 OK", [("X-Kind", "echo")])
        return [b"two ", b"parts"]

    async def receive() -> dict[str, Any]:
        piece = waiting.pop(0)
        if piece is None:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": piece, "more_body": bool(waiting)}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    encoded = [(name.encode(), value.encode()) for name, value in headers]
    whole = WholeRequests(
        app or echo,
        threads=1,
        body_at_most=BODY_AT_MOST,
        body_seconds=0.01,
        refusal_headers={"X-Test": "yes"},
    )
    asked = whole({**SCOPE, "headers": encoded, **scope}, receive, send)
    # In a thread of its own, since the driver of the browser has a loop running in this one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, asked).result()
    return (seen[0] if seen else None), sent


def length(count: int) -> list[tuple[str, str]]:
    return [("content-length", str(count))]


def test_a_body_in_pieces_comes_whole() -> None:
    environ, sent = asked(b"kelas", b"", b"=3", headers=length(7))
    assert environ is not None
    assert (environ["body"], environ["CONTENT_LENGTH"]) == (b"kelas=3", "7")
    assert sent[0]["status"] == 200
    assert sent[0]["headers"] == [(b"x-kind", b"echo")]
    assert sent[1]["body"] == b"two parts"


@pytest.mark.parametrize("pieces", [(b"kelas", None), (None,), (b"kelas",), (b"",)])
def test_a_body_that_is_late_or_breaks_off_is_refused_without_the_application(
    pieces: tuple[bytes | None, ...],
) -> None:
    environ, sent = asked(*pieces, headers=length(7))
    assert environ is None
    assert sent[0]["status"] == 408
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    assert headers.items() >= {"x-test": "yes", "connection": "close"}.items()
    assert "belum sampai utuh" in sent[1]["body"].decode()


def test_a_body_that_is_too_long_is_not_read() -> None:
    environ, _ = asked(None, headers=length(BODY_AT_MOST + 1))
    assert environ is not None
    assert (environ["body"], environ["CONTENT_LENGTH"]) == (b"", "1001")
    environ, _ = asked(b"a" * BODY_AT_MOST, headers=length(BODY_AT_MOST))
    assert environ is not None
    assert len(environ["body"]) == BODY_AT_MOST


def test_nothing_is_waited_for_without_a_length() -> None:
    environ, _ = asked(None, method="GET")
    assert environ is not None
    assert environ["body"] == b""


def test_the_path_keeps_every_byte() -> None:
    environ, _ = asked(raw_path=b"/a%20b/%ff%2f", query_string=b"q=%ff")
    assert environ is not None
    assert (environ["PATH_INFO"], environ["QUERY_STRING"]) == ("/a b/\xff/", "q=%ff")
    assert environ["REMOTE_ADDR"] == "192.0.2.1"


def test_headers_that_come_twice_are_joined() -> None:
    forwarded = [("x-forwarded-for", "192.0.2.7"), ("x-forwarded-for", "192.0.2.8")]
    environ, _ = asked(headers=[*forwarded, ("cookie", "a=1"), ("cookie", "b=2")])
    assert environ is not None
    assert environ["HTTP_X_FORWARDED_FOR"] == "192.0.2.7,192.0.2.8"
    assert environ["HTTP_COOKIE"] == "a=1; b=2"


def test_no_header_passes_for_one_that_a_proxy_sets() -> None:
    environ, _ = asked(headers=[("x_forwarded_for", "192.0.2.9"), ("x-kind", "1")])
    assert environ is not None
    assert "HTTP_X_FORWARDED_FOR" not in environ
    assert environ["HTTP_X_KIND"] == "1"


def test_an_answer_is_closed_when_it_fails() -> None:
    closed = []

    class Failing:
        def __iter__(self) -> "Failing":
            return self

        def __next__(self) -> bytes:
            raise OSError("disk")

        def close(self) -> None:
            closed.append(True)

    def app(_environ: Environ, start_response: Callable[..., Any]) -> Failing:
        start_response("200 OK", [])
        return Failing()

    with pytest.raises(OSError, match="disk"):
        asked(app=app)
    assert closed == [True]
