"""A connection to an outside service, with a time limit for everything that is done with it.

A socket's own time-out begins anew with every byte, and a name look-up has none: a server that
sends one byte at a time would hold a worker for hours. So a thread of its own talks to the server.
When the time is over, the caller goes on without it and cuts its connection off.
"""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


class NoAnswer(Exception):
    """The other side could not be reached or trusted, broke off, or took too long. `problem`: the
    name of the exception, since its message may hold anything."""

    def __init__(self, cause: BaseException) -> None:
        super().__init__(type(cause).__name__)
        self.problem = type(cause).__name__


class Line:
    """The one connection of a talk. The thread that waits for the talk may cut it off. `seconds`:
    the longest time to connect, and of each read or write."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._is_cut = False

    def open(self, host: str, port: int, tls: ssl.SSLContext | None) -> socket.socket:
        """Connect, with a verified certificate where `tls` is given. Raises OSError."""
        self.use(socket.create_connection((host, port), self.seconds))
        return self.encrypt(host, tls) if tls else self._current()

    def encrypt(self, host: str, tls: ssl.SSLContext) -> ssl.SSLSocket:
        """Encrypt the same connection from now on. Raises OSError."""
        wrapped = tls.wrap_socket(
            self._current(), server_hostname=host, do_handshake_on_connect=False
        )
        # Before the handshake, which takes as long as the other side likes, so that it can be cut.
        self.use(wrapped)
        wrapped.do_handshake()
        return wrapped

    def use(self, current: socket.socket) -> socket.socket:
        """Make this socket the connection. Raises TimeoutError when the line was cut off: nobody
        waits for the answer any more, so nothing more is sent."""
        with self._lock:
            self._socket = current
        self.check()
        return current

    def check(self) -> None:
        """Raises TimeoutError when the line was cut off. What looked like the end of an answer may
        then have been the cut."""
        with self._lock:
            if self._is_cut:
                raise TimeoutError

    def cut(self) -> None:
        """End the connection, whatever it is doing; a read that waits returns at once."""
        with self._lock:
            self._is_cut = True
            if self._socket is not None:
                with contextlib.suppress(OSError):
                    # Not the encrypted socket's own method, which only the other thread may call.
                    socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the connection. Only the thread that talks calls this."""
        with self._lock:
            if self._socket is not None:
                self._socket.close()

    def _current(self) -> socket.socket:
        if self._socket is None:
            raise RuntimeError("open() comes first")
        return self._socket


def within(seconds: float, talk: Callable[[Line], T]) -> T:
    """What `talk` returns or raises; it is called with the line that it has to use. Raises
    TimeoutError after `seconds`, whatever the other side does."""
    line = Line(seconds)
    outcome: Future[T] = Future()

    def run() -> None:
        try:
            result = talk(line)
        except BaseException as error:
            outcome.set_exception(error)
        else:
            outcome.set_result(result)
        finally:
            line.close()

    threading.Thread(target=run, name="talk", daemon=True).start()
    try:
        return outcome.result(seconds)
    finally:
        line.cut()
