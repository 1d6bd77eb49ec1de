"""Ports of this machine that are a test's own."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def reserved_port() -> Iterator[int]:
    """A port of 127.0.0.1 that the system gives to nobody else until the block ends.

    A socket stays bound to it that never listens: whoever knows the number and sets SO_REUSEADDR,
    as servers do, can listen on it, and until then connections are refused. Neither "any port"
    nor a connection going out gets it meanwhile.
    """
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", 0))
        yield int(holder.getsockname()[1])
