"""Slow senders: what pages cost while many connections send half a form and nothing more.

    python -m benchmarks.slow_senders            # 19 minutes
    python -m benchmarks.slow_senders --held 0 200 --rounds 20    # two

The same application, served in two ways: as it is, and by threads that read bodies themselves
(Granian's WSGI, which it replaced). Each way is asked for pages while 0, 20, 40, 200 and 1,000
connections are held. An answer that does not come within three seconds is given up and counts as
three seconds. The CPU time of a page is that of the serving process, without anybody held.
"""

import argparse
import socket
from contextlib import ExitStack
from functools import partial
from urllib.parse import urlsplit

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import MPServer

from benchmarks import bare
from benchmarks.measure import (
    Visitor,
    cpu_seconds,
    milliseconds,
    percentile,
    print_table,
    take_turns,
)
from jkn.settings import load_settings
from tests.support.world.running_app import RunningApp, running_app

_PATIENCE_SECONDS = 3.0
_PATHS = {"Masuk": "/masuk", "Landing": "/", "health": "/health/live"}
_HALF_A_FORM = (
    b"POST /masuk HTTP/1.1\r\nHost: localhost\r\nContent-Length: 300\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n\r\nnumber="
)
_BY_THREADS = ("-m", "benchmarks.slow_senders", "--serve-by-threads")
_WAYS = {"threads read bodies": _BY_THREADS, "whole requests": bare.PROGRAM}


def _serve_by_threads() -> None:
    """The server as it was before decision 40."""
    settings = load_settings()
    MPServer(
        "benchmarks.bare:app",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        blocking_threads=settings.web_threads,
        websockets=False,
        log_level=LogLevels.error,
    ).serve()


def _seconds(visitor: Visitor, path: str) -> float:
    try:
        return visitor.get(path).seconds
    except TimeoutError:
        visitor.close()
        return _PATIENCE_SECONDS


def _times(app: RunningApp, held: int, rounds: int) -> dict[str, list[float]]:
    address = "127.0.0.1", urlsplit(app.url).port
    with ExitStack() as connections:
        for _ in range(held):
            connections.enter_context(socket.create_connection(address)).sendall(_HALF_A_FORM)
        visitor = Visitor(app.url, patience=_PATIENCE_SECONDS)
        try:
            pages = {name: partial(_seconds, visitor, path) for name, path in _PATHS.items()}
            # Where nothing answers, each round takes nine seconds.
            return take_turns(pages, rounds=1 if _is_stopped(visitor) else rounds, warm_up=0)
        finally:
            visitor.close()


def _is_stopped(visitor: Visitor) -> bool:
    return _seconds(visitor, "/health/live") >= _PATIENCE_SECONDS


def _halves_and_ends(times: list[float]) -> str:
    return f"{milliseconds(percentile(times, 50))} / {milliseconds(percentile(times, 95))}"


def _cpu_of_a_page(app: RunningApp, path: str, rounds: int) -> str:
    visitor = Visitor(app.url)
    for _ in range(20):
        visitor.get(path)
    process = int(visitor.get("/bare/process").content)
    before = cpu_seconds(process)
    for _ in range(rounds):
        visitor.get(path)
    spent = cpu_seconds(process) - before
    visitor.close()
    return f"{spent / rounds * 1000:.2f}"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--held", type=int, nargs="+", default=[0, 20, 40, 200, 1000])
    options.add_argument("--rounds", type=int, default=100)
    options.add_argument("--serve-by-threads", action="store_true", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.serve_by_threads:
        _serve_by_threads()
        return
    rows = []
    with ExitStack() as servers:
        apps = {
            name: servers.enter_context(running_app(*program, JKN_WORKER_BESIDE="false"))
            for name, program in _WAYS.items()
        }
        for held in chosen.held:
            for way, app in apps.items():
                times = _times(app, held, chosen.rounds)
                rows.append([held, way, *(_halves_and_ends(times[it]) for it in _PATHS)])
        print_table(["held", "way", *(f"{name}: p50 / p95 ms" for name in _PATHS)], rows)
        print_table(
            ["CPU of a page, ms", *_PATHS],
            [
                [way, *(_cpu_of_a_page(app, it, chosen.rounds * 4) for it in _PATHS.values())]
                for way, app in apps.items()
            ],
        )


if __name__ == "__main__":
    main()
