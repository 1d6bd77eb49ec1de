"""A connection to an outside service, and a longest time for all that is done with it.

A socket's own time-out begins anew with every byte, and looking a name up has none: a server that
dribbles would hold a worker for hours. So the talking is done by a thread of its own, which is
left alone and cut off when the time is over.
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
    kind of it in one word, since its own words may hold anything."""

    def __init__(self, cause: BaseException) -> None:
        super().__init__(type(cause).__name__)
        self.problem = type(cause).__name__


class Line:
    """The one connection of a talk. Whoever waits for it may cut it off from another thread."""

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
        """Go on encrypted on the same connection. Raises OSError."""
        wrapped = tls.wrap_socket(
            self._current(), server_hostname=host, do_handshake_on_connect=False
        )
        # Before the handshake, which takes as long as the other side likes.
        self.use(wrapped)
        wrapped.do_handshake()
        return wrapped

    def use(self, current: socket.socket) -> socket.socket:
        """This socket is the connection from now on. Raises TimeoutError when it is cut off:
        nothing is sent any more that nobody waits for."""
        with self._lock:
            self._socket = current
        self.check()
        return current

    def check(self) -> None:
        """Raises TimeoutError when it is cut off: the end of an answer was none then."""
        with self._lock:
            if self._is_cut:
                raise TimeoutError

    def cut(self) -> None:
        """End it, whatever it is doing; a read that waits returns at once."""
        with self._lock:
            self._is_cut = True
            if self._socket is not None:
                with contextlib.suppress(OSError):
                    # Not the encrypted socket's own method, which belongs to the other thread.
                    socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def close(self) -> None:
        """Give it back; done by the thread that talks."""
        with self._lock:
            if self._socket is not None:
                self._socket.close()

    def _current(self) -> socket.socket:
        if self._socket is None:
            raise RuntimeError("open() comes first")
        return self._socket


def within(seconds: float, talk: Callable[[Line], T]) -> T:
    """What `talk` returns or raises, with the line that it is to use. Raises TimeoutError after
    `seconds`, whatever the other side does."""
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
