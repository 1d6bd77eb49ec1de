"""A tunnel between a browser and a server that weighs every answer on the wire, also those that the
browser and the service worker ask for by themselves."""

import contextlib
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit

_PIECE = 1 << 16


@dataclass
class Exchange:
    """One request, and the bytes of its answer, headers included."""

    path: str
    size: int = 0


class RecordedTraffic(socketserver.ThreadingTCPServer):
    """`url`: the address for the browser. `exchanges`: what went through, in order."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, server_url: str) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.url = f"http://localhost:{self.server_address[1]}"
        self.server_port = urlsplit(server_url).port
        self.exchanges: list[Exchange] = []

    def take(self) -> list[Exchange]:
        """What went through since the last time."""
        taken, self.exchanges = self.exchanges, []
        return taken


@contextmanager
def recorded_traffic(server_url: str) -> Iterator[RecordedTraffic]:
    """A tunnel to this server; browsers go to its `url` instead."""
    with RecordedTraffic(server_url) as traffic:
        threading.Thread(target=traffic.serve_forever, daemon=True).start()
        try:
            yield traffic
        finally:
            traffic.shutdown()


class _Connection(socketserver.BaseRequestHandler):
    """HTTP/1.1: what comes back belongs to the last request until the next one is sent."""

    def handle(self) -> None:
        traffic = cast("RecordedTraffic", self.server)
        under_way = Exchange("")

        def answer() -> None:
            with contextlib.suppress(OSError):
                while received := server.recv(_PIECE):
                    under_way.size += len(received)
                    self.request.sendall(received)

        # Either side may hang up at any time.
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", traffic.server_port)) as server,
        ):
            threading.Thread(target=answer, daemon=True).start()
            while sent := self.request.recv(_PIECE):
                method, _, rest = sent.partition(b" ")
                if method in (b"GET", b"HEAD", b"POST"):
                    under_way = Exchange(rest.partition(b" ")[0].decode())
                    traffic.exchanges.append(under_way)
                server.sendall(sent)
