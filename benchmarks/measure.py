"""What all benchmarks share: a visitor that times and weighs answers, fair turns, a plain table.

    with running_app() as app:  # the production server with a scratch sample world
        person = signed_in(app.url, app.identity("ppu_active"))
        times = take_turns({"Beranda": lambda: person.get("/beranda").seconds}, rounds=200)
        print_table(["page", "ms"], [[it, milliseconds(median(times[it]))] for it in times])

Times are compared only with other times of the same run. Variants take turns, so that other work on
the machine disturbs all of them alike.
"""

import random
import re
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlencode, urlsplit

import brotli

from tests.support.clients.cookie_jar import CookieJar
from tests.support.world.running_app import FIXED_CAPTCHA, Identity

_PATIENCE_SECONDS = 30
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?>')


@dataclass(frozen=True)
class Answer:
    """`size`: bytes on the wire, status line and headers included. `seconds`: from sending the
    request to the last byte of the answer. `body`: as it was sent, mostly compressed."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes
    size: int
    seconds: float

    def header(self, name: str) -> str:
        """The first header with this name (in lower case); empty when there is none."""
        return next((value for key, value in self.headers if key == name), "")

    @property
    def content(self) -> bytes:
        """The body as the browser shows it."""
        is_packed = self.header("content-encoding") == "br"
        return bytes(brotli.decompress(self.body)) if is_packed else self.body


class Visitor:
    """One browser on one kept-alive connection, with its cookies. It follows no redirect by itself.

    `source`: the address that the server sees, in 127.0.0.0/8; each has its own rate limits.
    `patience` (seconds): TimeoutError is raised when nothing comes for so long.
    """

    def __init__(
        self, url: str, *, source: str = "127.0.0.1", patience: float = _PATIENCE_SECONDS
    ) -> None:
        self.cookies = CookieJar()
        self._url = url
        self._host = urlsplit(url).netloc
        self._address = ("127.0.0.1", urlsplit(url).port or 80)
        self._source = source
        self._patience = patience
        self._socket: socket.socket | None = None

    def get(self, path: str, **headers: str) -> Answer:
        """Ask for a page or a file."""
        return self._ask("GET", path, headers)

    def post(self, path: str, fields: Mapping[str, str], **headers: str) -> Answer:
        """Send a form."""
        return self._ask("POST", path, headers, urlencode(fields).encode())

    def stranger(self) -> "Visitor":
        """Another browser at the same address, without a cookie."""
        return Visitor(self._url, source=self._source, patience=self._patience)

    def copy(self) -> "Visitor":
        """Another browser with the same cookies."""
        twin = self.stranger()
        twin.cookies = self.cookies.copy()
        return twin

    def close(self) -> None:
        """Close the connection; the next request connects again."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _ask(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes | None = None
    ) -> Answer:
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self._host}", "Accept-Encoding: br"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        if cookie := self.cookies.header():
            lines.append(f"Cookie: {cookie}")
        if body is not None:
            lines.append("Content-Type: application/x-www-form-urlencoded")
            lines.append(f"Content-Length: {len(body)}")
        answer = self._exchange("\r\n".join([*lines, "", ""]).encode() + (body or b""))
        self.cookies.take([value for name, value in answer.headers if name == "set-cookie"])
        if answer.header("connection") == "close":
            self.close()
        return answer

    def _exchange(self, request: bytes) -> Answer:
        if self._socket is None:
            self._socket = socket.create_connection(
                self._address, self._patience, source_address=(self._source, 0)
            )
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        begun = time.perf_counter()
        self._socket.sendall(request)
        received = self._receive(b"")
        while (end := received.find(b"\r\n\r\n")) < 0:
            received = self._receive(received)
        status, *lines = received[:end].decode("latin-1").split("\r\n")
        headers = [(name.lower(), value) for name, _, value in (it.partition(": ") for it in lines)]
        code = int(status.split(" ")[1])
        # Every answer of the app has a length; a streamed one would raise KeyError here.
        whole = end + 4 + (0 if code == 204 else int(dict(headers)["content-length"]))
        while len(received) < whole:
            received = self._receive(received)
        seconds = time.perf_counter() - begun
        return Answer(code, headers, received[end + 4 :], len(received), seconds)

    def _receive(self, received: bytes) -> bytes:
        assert self._socket is not None
        more = self._socket.recv(1 << 18)
        if not more:
            raise ConnectionError("the server hung up")
        return received + more


def hidden_fields(page: Answer) -> dict[str, str]:
    """The hidden fields of a page's forms, by name."""
    found = _HIDDEN.findall(page.content.decode())
    return {name: unescape(value) for name, value in found}


def sign_in_form(visitor: Visitor, identity: Identity) -> dict[str, str]:
    """Open Masuk and fill it in; returns the fields for `visitor.post("/masuk", …)`."""
    return hidden_fields(visitor.get("/masuk")) | {
        "identity_type": "nik",
        "number": identity.nik,
        "password": identity.password,
        "captcha_answer": FIXED_CAPTCHA,
    }


def signed_in(url: str, identity: Identity) -> Visitor:
    """A visitor who has just signed in. Raises RuntimeError when signing in failed."""
    visitor = Visitor(url)
    answer = visitor.post("/masuk", sign_in_form(visitor, identity))
    if answer.status != 303:
        raise RuntimeError(f"signing in was answered with {answer.status}")
    return visitor


def take_turns(
    variants: Mapping[str, Callable[[], float]], *, rounds: int, warm_up: int = 10
) -> dict[str, list[float]]:
    """Call each variant once in each round, in another order each time; returns by name the seconds
    that the variants returned.

    The first `warm_up` rounds do not count: caches fill, and code runs for the first time.
    """
    rng = random.Random(20260503)
    order = list(variants)
    times: dict[str, list[float]] = {name: [] for name in order}
    for number in range(warm_up + rounds):
        rng.shuffle(order)
        for name in order:
            seconds = variants[name]()
            if number >= warm_up:
                times[name].append(seconds)
    return times


def cpu_seconds(process: int) -> float:
    """The CPU time that a process has used so far, all its threads together (Linux).

    Unlike time on the clock, it hardly grows when other processes use the same cores.
    """
    # What clock_getcpuclockid(3) returns, which Python does not offer for other processes.
    return time.clock_gettime((~process << 3) | 2)


def percentile(values: Sequence[float], percent: int) -> float:
    """The value that this many percent do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def milliseconds(seconds: float) -> str:
    """12.3"""
    return f"{seconds * 1000:.1f}"


def print_table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Columns as wide as they must be; all but the first are aligned to the right."""
    lines = [list(headings), *([str(cell) for cell in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    lines.insert(1, ["-" * width for width in widths])
    for first, *others in lines:
        cells = [first.ljust(widths[0])]
        cells += [it.rjust(width) for it, width in zip(others, widths[1:], strict=True)]
        print("  ".join(cells).rstrip())
