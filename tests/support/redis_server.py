"""A Redis server that the tests start for themselves and take down again."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.processes import LeashedProcess, scratch_folder
from tests.support.running_app import free_port
from tests.support.tools import redis_server


@contextmanager
def running_redis(port: int | None = None) -> Iterator[str]:
    """The address of an empty Redis; nothing of it is written to the disk. Raises ToolMissing."""
    program, port = redis_server(), port or free_port()
    process = LeashedProcess(
        [program, "--port", str(port), "--bind", "127.0.0.1", "--save", ""],
        folder=scratch_folder("redis"),
    )
    try:
        _wait_until_it_listens(process, port)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.stop()


def _wait_until_it_listens(process: LeashedProcess, port: int) -> None:
    deadline = time.monotonic() + 10
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError as error:
            if process.has_ended() or time.monotonic() > deadline:
                raise RuntimeError(process.output()) from error
            time.sleep(0.02)
        else:
            return
