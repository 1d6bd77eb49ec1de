"""A server on this machine that only says what it is told to, byte by byte."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Talk = Callable[[socket.socket, threading.Event], None]


@contextmanager
def raw_server(talk: Talk) -> Iterator[int]:
    """The port of a server that has `talk(connection, end)` with whoever comes, one after the
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
                connection.settimeout(10)
                with connection, contextlib.suppress(OSError):
                    talk(connection, end)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield int(listening.getsockname()[1])
        finally:
            end.set()
            thread.join()


def dribbling(start: bytes, more: bytes) -> Talk:
    """Says `start`, and then a little more now and then, without an end."""

    def talk(connection: socket.socket, end: threading.Event) -> None:
        connection.sendall(start)
        while not end.wait(0.02):
            connection.sendall(more)

    return talk


def saying(words: bytes) -> Talk:
    """Says this and hangs up as soon as the other side does."""

    def talk(connection: socket.socket, _end: threading.Event) -> None:
        connection.sendall(words)
        while connection.recv(65_536):
            pass

    return talk
