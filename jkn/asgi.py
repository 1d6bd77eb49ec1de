"""The WSGI application behind ASGI: a thread is taken only when the whole request has come.

Where threads read the bodies themselves, as many slow senders as there are threads stop everything
(security.md R114; measured in decision 40).
"""

import asyncio
import io
import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import unquote_to_bytes
from wsgiref.types import WSGIApplication, WSGIEnvironment

Headers = list[tuple[bytes, bytes]]
Answer = tuple[int, Headers, bytes]
Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

_UNFINISHED = "Kiriman Anda belum sampai utuh. Kembali ke halaman sebelumnya, lalu kirim lagi.\n"
_WITHOUT_PREFIX = frozenset({"CONTENT_LENGTH", "CONTENT_TYPE"})


class WholeRequests:
    """`threads`: how many requests are answered at once. `body_at_most` (bytes): a longer body is
    not read at all, and the application refuses it by its Content-Length. `body_seconds`: how long
    a body may take. One that is late or breaks off is answered with 408 and `refusal_headers`, and
    takes no thread."""

    def __init__(
        self,
        app: WSGIApplication,
        *,
        threads: int,
        body_at_most: int,
        body_seconds: float,
        refusal_headers: Mapping[str, str],
    ) -> None:
        self._app = app
        self._threads = ThreadPoolExecutor(threads, "request")
        self._body_at_most = body_at_most
        self._body_seconds = body_seconds
        own = {"Content-Type": "text/plain; charset=utf-8", "Connection": "close"}
        self._unfinished = 408, _encoded({**refusal_headers, **own}.items()), _UNFINISHED.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        environ = _environ(scope)
        body = await self._body(environ, receive)
        if body is None:
            status, headers, content = self._unfinished
        else:
            environ["wsgi.input"] = io.BytesIO(body)
            loop = asyncio.get_running_loop()
            status, headers, content = await loop.run_in_executor(
                self._threads, self._answer, environ
            )
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    async def _body(self, environ: WSGIEnvironment, receive: Receive) -> bytes | None:
        """None: it did not come whole, in time. Half a form would look like a whole one."""
        length = int(environ.get("CONTENT_LENGTH") or 0)
        if length > self._body_at_most:
            return b""
        body = b""
        try:
            async with asyncio.timeout(self._body_seconds):
                while len(body) < length:
                    message = await receive()
                    body += message.get("body", b"")
                    if not message.get("more_body"):
                        break
        except TimeoutError:
            return None
        return body if len(body) == length else None

    def _answer(self, environ: WSGIEnvironment) -> Answer:
        """Every answer is small enough to be made whole, so that slow readers hold no thread."""
        begun: list[tuple[int, Headers]] = []
        written: list[bytes] = []

        def start_response(
            status: str, headers: list[tuple[str, str]], _error: object = None, /
        ) -> Callable[[bytes], object]:
            begun.append((int(status[:3]), _encoded(headers)))
            return written.append

        chunks = self._app(environ, start_response)
        try:
            written.extend(chunks)
        finally:
            getattr(chunks, "close", lambda: None)()
        return *begun[-1], b"".join(written)


def _encoded(headers: Iterable[tuple[str, str]]) -> Headers:
    return [(name.lower().encode("latin-1"), it.encode("latin-1")) for name, it in headers]


def _environ(scope: Scope) -> WSGIEnvironment:
    """PEP 3333's view of an ASGI scope. The path is taken as it was sent, since the decoded one has
    lost the bytes that are no UTF-8. Headers with an underscore are left out: they would pass for
    those with a dash that a proxy sets."""
    (server, port), (client, _) = scope["server"], scope["client"]
    environ: WSGIEnvironment = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": client,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for raw_name, raw_value in scope["headers"]:
        if b"_" in raw_name:
            continue
        name = raw_name.decode("latin-1").upper().replace("-", "_")
        key = name if name in _WITHOUT_PREFIX else f"HTTP_{name}"
        value = raw_value.decode("latin-1")
        if key in environ:
            # RFC 9110 5.3; RFC 9113 8.2.3 for the crumbs of a cookie.
            value = f"{environ[key]}{'; ' if name == 'COOKIE' else ','}{value}"
        environ[key] = value
    return environ
