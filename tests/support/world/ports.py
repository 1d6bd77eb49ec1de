"""Ports of this machine that are a test's own."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def reserved_port() -> Iterator[int]:
    """A port of 127.0.0.1 that the system gives to nobody else until the block ends.

    A socket that never listens stays bound to it. A server that knows the number and sets
    SO_REUSEADDR, as servers do, can listen on it; until then connections are refused. Meanwhile
    neither "any port" nor an outgoing connection gets it.
    """
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", 0))
        yield int(holder.getsockname()[1])
