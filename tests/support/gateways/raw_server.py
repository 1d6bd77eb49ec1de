"""A server on this machine that only says what it is told to, byte by byte."""

import contextlib
import itertools
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.support.world.waiting import PATIENCE_SECONDS

Talk = Callable[[socket.socket, threading.Event], None]
# A client that waits for the end of a dribble counts as held back after so many pieces.
_A_DRIBBLE = 10


@contextmanager
def raw_server(talk: Talk) -> Iterator[int]:
    """The port of a server that calls `talk(connection, end)` for each connection, one after the
    other; `end` is set when the block ends."""
    end = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.05)

        def serve() -> None:
            while not end.is_set():
                try:
                    connection, _ = listening.accept()
                except TimeoutError:
                    continue
                connection.settimeout(PATIENCE_SECONDS)
                with connection, contextlib.suppress(OSError):
                    talk(connection, end)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield int(listening.getsockname()[1])
        finally:
            end.set()
            thread.join()


@dataclass
class Dribbling:
    """Sends `start`, and then `more` now and then, without an end. `held`: how many clients were
    kept waiting like this so far."""

    start: bytes
    more: bytes = b""
    held: int = 0

    def __call__(self, connection: socket.socket, end: threading.Event) -> None:
        """The talk."""
        connection.sendall(self.start)
        for number in itertools.count(1):
            if end.wait(0.005):
                return
            connection.sendall(self.more)
            self.held += number == _A_DRIBBLE


def saying(words: bytes) -> Talk:
    """Sends these words, and hangs up as soon as the other side does."""

    def talk(connection: socket.socket, _end: threading.Event) -> None:
        connection.sendall(words)
        while connection.recv(65_536):
            pass

    return talk
