"""`make bench NAME=pages`: what the pages weigh, how many queries they take, and how long.

**Weight**: bytes on the wire as the server sends them (status line, headers, compressed body).
*Cold* is a first visit: the page, everything that it makes Chromium load, the manifest with the
icon to install, and what the service worker fetches afterwards in the background. *Warm* is the
same page once more. *Queries* are the statements of one request: of a person who was seen within
the last minute, and of the first request in a minute, which notes the use of the session.

**Budgets** are in `tests/support/rules/budgets.py`; a broken one is named and makes the command
exit with 1. `--budgets` stops there: `make check` runs that.

**Time** of the server for one request, next to an empty Flask view and to a bare Flask page as
long as Beranda that reads one row (`benchmarks/bare.py`): same process, same run, in turns.
*CPU* is the CPU time of the server's process, which other processes hardly change; the last two
columns compare by it. Nothing here fails on time.
"""

import argparse
import sys
from functools import partial
from statistics import median

from benchmarks import bare, weighing
from benchmarks.measure import (
    Visitor,
    cpu_seconds,
    milliseconds,
    percentile,
    print_table,
    signed_in,
    take_turns,
)
from benchmarks.weighing import Weights
from tests.support.world.running_app import RunningApp, running_app

PERSON = "ppu_active"
TIMED = {"Landing": "/", "Masuk": "/masuk", "Beranda": "/beranda"}

_ROUNDS = 60
_REQUESTS_A_TURN = 5


def main(arguments: list[str] | None = None) -> int:
    """Print the tables; 1 when a budget is broken."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages")
    parser.add_argument("--budgets", action="store_true", help="weights and queries only")
    chosen = parser.parse_args(arguments)
    with running_app(*bare.PROGRAM) as app:
        weights = weighing.weigh(app, PERSON)
        weighing.print_weights(weights)
        if not chosen.budgets:
            print_times(app)
    return print_verdict(weights)


def print_verdict(weights: Weights) -> int:
    """Name every budget that is broken; 1 when there is one."""
    broken = weighing.broken(weights)
    for line in broken:
        print(f"Over budget: {line}")
    return min(len(broken), 1)


def print_times(app: RunningApp) -> None:
    """Print the times of the pages, and of the two that they are compared with."""
    visitors = {
        path: signed_in(app.url, app.identity(PERSON)) if path == "/beranda" else Visitor(app.url)
        for path in TIMED.values()
    }
    anybody = Visitor(app.url)
    length = len(visitors["/beranda"].get("/beranda").content)
    empty, page = "/bare/empty", f"/bare/page?lines={_lines_for(anybody, length)}"
    visitors |= {empty: anybody, page: anybody}
    names = {path: name for name, path in TIMED.items()}
    names |= {empty: "Empty view", page: "Bare page, one row"}

    process = int(anybody.get("/bare/process").content)
    on_the_clock: dict[str, list[float]] = {path: [] for path in visitors}

    def visit(path: str) -> float:
        before = cpu_seconds(process)
        for _ in range(_REQUESTS_A_TURN):
            on_the_clock[path].append(visitors[path].get(path).seconds)
        return (cpu_seconds(process) - before) / _REQUESTS_A_TURN

    turns = take_turns({path: partial(visit, path) for path in visitors}, rounds=_ROUNDS)
    cpu = {path: median(times) for path, times in turns.items()}
    rows = [
        [
            names[path],
            milliseconds(median(on_the_clock[path])),
            milliseconds(percentile(on_the_clock[path], 95)),
            f"{cpu[path] * 1000:.2f}",
            f"{cpu[path] / cpu[empty]:.1f}",
            f"{cpu[path] / cpu[page]:.2f}",
        ]
        for path in visitors
    ]
    headings = ["one request", "p50 ms", "p95 ms", "CPU ms", "× empty", "× bare page"]
    print()
    print_table(headings, rows)
    print(f"\nBeranda and the bare page are {length} bytes long before compression.")


def _lines_for(visitor: Visitor, length: int) -> int:
    """How many lines make the bare page about this long."""
    shorter, longer = (len(visitor.get(f"/bare/page?lines={it}").content) for it in (10, 20))
    return 10 + round((length - shorter) * 10 / (longer - shorter))


if __name__ == "__main__":
    sys.exit(main())
