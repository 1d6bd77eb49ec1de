"""Malformed requests, sent to the running server byte by byte: it refuses them or hangs up, and
goes on serving (RFC 9112; ASVS 4.2.1, 15.2.2)."""

import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.world.running_app import RunningApp, running_app

# One server for all of it.
pytestmark = [pytest.mark.xdist_group("broken requests"), pytest.mark.starts_app]

CLOSE = b"Connection: close\r\n\r\n"
GET = b"GET %b HTTP/1.1\r\nHost: localhost\r\n%b" + CLOSE
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
POST = b"POST /masuk HTTP/1.1\r\nHost: localhost\r\n" + FORM + b"%b" + CLOSE + b"%b"

UNREADABLE = "Isian tidak bisa kami baca"
# Also on an answer that the application has no part in (security.md R57).
HARDENED = (
    "strict-transport-security: max-age=63072000; includeSubDomains",
    "x-content-type-options: nosniff",
    "referrer-policy: same-origin",
    "cross-origin-opener-policy: same-origin",
    "cross-origin-resource-policy: same-origin",
    "content-security-policy: default-src 'none'; ",
    "cache-control: no-store",
)
UNFINISHED = "Kiriman Anda belum sampai utuh. Kembali ke halaman sebelumnya, lalu kirim lagi.\n"
NOT_FOUND = "Halaman tidak ditemukan"

# Refused by the server itself, before the app could make a page.
BY_THE_SERVER = {
    "bytes": (b"\x00\x01\x02\xff\r\n\r\n", 400),
    "tls": (b"\x16\x03\x01\x00\xc8\x01\x00\x00\xc4\x03\x03" + b"\x00" * 190, 400),
    "no version": (b"GET /\r\n\r\n", 400),
    "a version of its own": (b"GET / HTTP/9.9\r\nHost: localhost\r\n" + CLOSE, 400),
    "a method of odd bytes": (b"G\xffT / HTTP/1.1\r\nHost: localhost\r\n" + CLOSE, 400),
    "an address of odd bytes": (GET % (b"/\xff", b""), 400),
    "a query of odd bytes": (GET % (b"/masuk?\xff", b""), 400),
    "an address with a space": (GET % (b"/a b", b""), 400),
    "an address of 100,000 letters": (GET % (b"/" + b"a" * 100_000, b""), 414),
    "a header of two million letters": (GET % (b"/", b"X: " + b"a" * 2_000_000 + b"\r\n"), 431),
    "500 headers": (GET % (b"/", b"".join(b"X%d: 1\r\n" % it for it in range(500))), 431),
    "a header without colon": (GET % (b"/", b"tidak\r\n"), 400),
    "a header with NUL": (GET % (b"/", b"X: a\x00b\r\n"), 400),
    "a header with a bare CR": (GET % (b"/", b"X: a\rY: b\r\n"), 400),
    "a header over two lines": (GET % (b"/", b"X: a\r\n b\r\n"), 400),
    "a header with a space before the colon": (GET % (b"/", b"X : a\r\n"), 400),
    "a negative length": (POST % (b"Content-Length: -1\r\n", b""), 400),
    "a length in words": (POST % (b"Content-Length: abc\r\n", b""), 400),
    "a length with a sign": (POST % (b"Content-Length: +4\r\n", b"a=bc"), 400),
    "two lengths": (POST % (b"Content-Length: 1\r\nContent-Length: 2\r\n", b"ab"), 400),
    "a length beyond any number": (POST % (b"Content-Length: " + b"9" * 30 + b"\r\n", b"a"), 400),
    "a coding that is not chunked": (POST % (b"Transfer-Encoding: gzip\r\n", b""), 400),
}
# Answered by the app, with its page and its headers.
CHUNKED = b"Transfer-Encoding: chunked\r\n"
BY_A_PAGE = {
    "an escape that is none": (GET % (b"/%zz", b""), 404, NOT_FOUND),
    "an escape cut off": (GET % (b"/%", b""), 404, NOT_FOUND),
    "an escape that is no UTF-8": (GET % (b"/%ff", b""), 400, UNREADABLE),
    "NUL": (GET % (b"/%00", b""), 400, UNREADABLE),
    "a line break": (GET % (b"/%0d%0aX-Evil:1", b""), 404, NOT_FOUND),
    "a way up": (GET % (b"/static/../../etc/passwd", b""), 404, NOT_FOUND),
    "a way up, escaped": (GET % (b"/static/%2e%2e/%2e%2e/settings.py", b""), 404, NOT_FOUND),
    "another host as path": (GET % (b"//evil.example/masuk", b""), 404, NOT_FOUND),
    "a star": (GET % (b"*", b""), 404, NOT_FOUND),
    "a tunnel": (b"CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example\r\n" + CLOSE, 404,
                 NOT_FOUND),
    "a trace": (b"TRACE / HTTP/1.1\r\nHost: localhost\r\n" + CLOSE, 405,
                "Halaman ini tidak bisa dibuka langsung"),
    "a method of 5,000 letters": (b"A" * 5_000 + b" / HTTP/1.1\r\nHost: localhost\r\n" + CLOSE, 405,
                                  "Halaman ini tidak bisa dibuka langsung"),
    "chunks": (POST % (CHUNKED, b"8\r\nnumber=1\r\n0\r\n\r\n"), 411, UNREADABLE),
    "broken chunks": (POST % (CHUNKED, b"zz\r\nnumber=1\r\n0\r\n\r\n"), 411, UNREADABLE),
    "a chunk without end": (POST % (CHUNKED, b"f" * 18 + b"\r\na"), 411, UNREADABLE),
    "chunks and a length": (
        POST % (CHUNKED + b"Content-Length: 4\r\n", b"0\r\n\r\nGET /x HTTP/1.1\r\n\r\n"), 411,
        UNREADABLE),
    "a body larger than any form": (POST % (b"Content-Length: 99999999999999\r\n", b"ab"), 413,
                                    "Isian terlalu panjang"),
}  # fmt: skip


@pytest.fixture(scope="module")
def running(world: Path) -> Iterator[RunningApp]:
    with running_app(world=world) as app:
        yield app


@pytest.fixture(autouse=True)
def goes_on_serving(running: RunningApp) -> Iterator[None]:
    yield
    assert answer_to(running, GET % (b"/bantuan", b""))[0] == 200
    assert "Traceback" not in running.log()
    assert "request_failed" not in running.log()


def answer_to(
    running: RunningApp, sent: bytes, *, hangs_up: bool = False
) -> tuple[int | None, str, str]:
    """Status, head and body; the status is None where the server hung up without a word."""
    with socket.create_connection(("127.0.0.1", urlsplit(running.url).port or 0), 30) as line:
        try:
            line.sendall(sent)
            if hangs_up:
                line.shutdown(socket.SHUT_WR)
            got = b"".join(iter(lambda: line.recv(65_536), b""))
        except ConnectionError:
            # The server may hang up in the middle of a request that is too long.
            got = b""
    head, _, body = got.partition(b"\r\n\r\n")
    status = re.match(rb"HTTP/1\.[01] ([0-9]{3}) ", head)
    return int(status[1]) if status else None, head.decode("latin-1"), body.decode()


def heading_of(page: str) -> list[str]:
    return re.findall("<h1[^>]*>([^<]*)", page)


@pytest.mark.parametrize(("sent", "status"), BY_THE_SERVER.values(), ids=BY_THE_SERVER)
def test_what_is_no_request_is_refused_in_a_line(
    running: RunningApp, sent: bytes, status: int
) -> None:
    got, _, body = answer_to(running, sent)
    # A client that sends much too much may be cut off while sending, and reads no answer.
    assert got in ((status, None) if len(sent) > 64_000 else (status,))
    assert body == ""


@pytest.mark.parametrize(("sent", "status", "heading"), BY_A_PAGE.values(), ids=BY_A_PAGE)
def test_what_is_no_request_of_ours_is_refused_on_a_page(
    running: RunningApp, sent: bytes, status: int, heading: str
) -> None:
    got, head, body = answer_to(running, sent)
    assert (got, heading_of(body)) == (status, [heading])
    assert "x-content-type-options: nosniff" in head
    assert "x-evil" not in head.lower()


def test_half_a_form_is_not_taken_for_a_whole_one(running: RunningApp) -> None:
    """A phone that loses its network in the middle must not send half a password."""
    identity = running.identity("ppu_active")
    _, head, page = answer_to(running, GET % (b"/masuk", b""))
    fields = dict(re.findall('type="hidden" name="([^"]+)" value="([^"]+)"', page))
    fields |= {"number": identity.nik, "captcha_answer": "12345", "password": identity.password}
    body = "&".join(f"{name}={quote(value)}" for name, value in fields.items()).encode()
    cookie = re.findall("set-cookie: ([^;]+)", head)[0]
    headers = f"Cookie: {cookie}\r\nContent-Length: {len(body)}\r\n".encode()
    status, head, page = answer_to(running, POST % (headers, body[:-5]), hangs_up=True)
    assert (status, page) == (408, UNFINISHED)
    assert {it for it in HARDENED if it not in head} == set()
    assert answer_to(running, POST % (headers, body))[0] == 303


SLOW = {
    "nothing": b"",
    "half a head": b"GET / HTTP/1.1\r\nHost: local",
    "half a form": POST % (b"Content-Length: 300\r\n", b"number="),
    "a reader of nothing": (GET % (b"/masuk", b"")).replace(CLOSE, b"\r\n") * 20,
}


@pytest.mark.parametrize("sent", SLOW.values(), ids=SLOW)
def test_slow_clients_hold_nobody_up(running: RunningApp, sent: bytes) -> None:
    """Six times as many as there are threads (security.md R114)."""
    with ExitStack() as held:
        for _ in range(100):
            port = urlsplit(running.url).port or 0
            line = held.enter_context(socket.create_connection(("127.0.0.1", port), 30))
            line.sendall(sent)
        for path in (b"/masuk", b"/health/live"):
            assert answer_to(running, GET % (path, b""))[0] == 200


PIECES = st.binary(max_size=40).map(lambda it: it.replace(b"\r", b"").replace(b"\n", b""))


@settings(max_examples=max(10, settings.default.max_examples // 2))
@given(method=st.sampled_from([b"GET", b"HEAD", b"POST"]) | PIECES, address=PIECES, header=PIECES)
def test_no_bytes_make_the_server_fail(
    running: RunningApp, method: bytes, address: bytes, header: bytes
) -> None:
    sent = b"%b /%b HTTP/1.1\r\nHost: localhost\r\n%b\r\n" % (method, address, header) + CLOSE
    status, _, _ = answer_to(running, sent)
    assert status is None or status < 500
