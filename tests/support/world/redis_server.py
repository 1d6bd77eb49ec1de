"""A Redis server that the tests start for themselves and take down again."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from tests.support.world.ports import reserved_port
from tests.support.world.processes import LeashedProcess, scratch_folder
from tests.support.world.programs import redis_server
from tests.support.world.waiting import wait_until


@contextmanager
def running_redis(own_port: int | None = None) -> Iterator[str]:
    """The address of an empty Redis that writes nothing to the disk. Raises ToolMissing.

    `own_port`: one that the caller has reserved, so that a server can come back to it.
    """
    program = redis_server()
    with nullcontext(own_port) if own_port else reserved_port() as port:
        process = LeashedProcess(
            [program, "--port", str(port), "--bind", "127.0.0.1", "--save", ""],
            folder=scratch_folder("redis"),
        )
        try:
            wait_until(lambda: _listens(process, port), "Redis listened", process.output)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            process.stop()


def _listens(process: LeashedProcess, port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except OSError as error:
        if process.has_ended():
            raise RuntimeError(process.output()) from error
        return False
    return True
