"""A real HTTP server on this machine that behaves as badly as it is told to."""

import itertools
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

# A client that waits for the end of a dribble counts as held back after so many bytes.
_A_DRIBBLE = 10


@dataclass(frozen=True)
class Received:
    """A request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class HttpStub:
    """`behave` answers each request; `received` holds all requests. `held`: how many were kept
    waiting so far, by no answer or by a dribble. Only `end` lets them go."""

    port: int
    behave: Callable[["Exchange"], None]
    received: list[Received] = field(default_factory=list)
    held: int = 0
    end: threading.Event = field(default_factory=threading.Event)


class Exchange(BaseHTTPRequestHandler):
    """What a behaviour can use: the stub, and the request that came."""

    stub: HttpStub
    received: Received
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """A client that follows a redirect would send a GET."""
        self._take()

    def do_POST(self) -> None:
        """Remember the request and behave as told."""
        self._take()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the library's name
        """Print nothing."""

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        """A usual answer."""
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.say(body)

    def say(self, raw: bytes) -> None:
        """Send exactly these bytes."""
        self.wfile.write(raw)

    def dribble(self, start: bytes, more: bytes = b"x") -> None:
        """Send one byte now and then, without an end."""
        self.say(start)
        for number in itertools.count(1):
            if self.stub.end.wait(0.005):
                return
            self.say(more)
            self.stub.held += number == _A_DRIBBLE

    def hang(self) -> None:
        """Send no answer."""
        self.stub.held += 1
        self.stub.end.wait()

    def reset(self) -> None:
        """Break the connection off without a word."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def _take(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        self.received = Received(self.command, self.path, dict(self.headers), body)
        self.stub.received.append(self.received)
        self.close_connection = True
        self.stub.behave(self)


class _Server(ThreadingHTTPServer):
    def handle_error(self, _request: object, _address: object) -> None:
        """Print nothing: clients that give up are expected here."""


@contextmanager
def http_stub(
    behave: Callable[[Exchange], None], tls: ssl.SSLContext | None = None
) -> Iterator[HttpStub]:
    """A server on a free port of 127.0.0.1 until the block ends."""
    handler = type("Handler", (Exchange,), {})
    server = _Server(("127.0.0.1", 0), handler)
    if tls is not None:
        # Each connection makes its own handshake, or one that never ends would hold up all.
        server.socket = tls.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    stub = HttpStub(int(server.server_address[1]), behave)
    handler.stub = stub  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield stub
    finally:
        stub.end.set()
        server.shutdown()
        thread.join()
        server.server_close()


def pass_on(exchange: Exchange, url: str) -> None:
    """Answer as the server at this address does."""
    received = exchange.received
    server = HTTPConnection(urlsplit(url).netloc)
    try:
        server.request(received.method, received.path, received.body, received.headers)
        told = server.getresponse()
        body = told.read()
    finally:
        server.close()
    exchange.send_response(told.status)
    for name, value in told.getheaders():
        if name.lower() not in ("connection", "transfer-encoding", "content-length"):
            exchange.send_header(name, value)
    exchange.send_header("Content-Length", str(len(body)))
    exchange.end_headers()
    exchange.say(body)
