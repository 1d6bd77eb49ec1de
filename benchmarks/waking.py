"""What wakes a worker: a task queue, a look now and then, or the database itself.

    python -m benchmarks.waking                     # every way on both databases, 20 minutes
    python -m benchmarks.waking --rounds 1 --database sqlite

Ways take turns in random order, each with a worker of its own, and messages come at random
moments, so that none is in step with a look. A table of commit to hand-over and what the writer
pays, and one of what a worker costs that has nothing to do. The machine is shared: read ratios.

`python -m benchmarks.waking WAY` is a worker that is woken in that way.
"""

import argparse
import json
import random
import signal
import sqlite3
import sys
import tempfile
import threading
import time
from collections import defaultdict
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import text

from benchmarks.delivery import Arrivals, database
from benchmarks.measure import milliseconds, percentile, print_table
from jkn import database as jkn_database
from jkn import services, worker
from jkn.database import session, transaction
from jkn.gateways import email, sms, task_queue
from jkn.models import Channel
from jkn.services import deliveries, outbox, periodic
from jkn.services.outbox import Content
from jkn.settings import Settings, load_settings
from tests.support.gateways.http_stub import http_stub
from tests.support.world.redis_server import running_redis
from tests.support.world.running_worker import running_worker, write_messages

_QUEUES = ("queue, SQLite", "queue, PostgreSQL", "queue, Redis")
_LOOKS = {"look 1 s": 1.0, "look 0.5 s": 0.5, "look 0.25 s": 0.25, "look 0.2 s": 0.2}
_LISTEN = "listen, look 1 s"


@dataclass
class Found:
    """One way on one database."""

    writes: list[float] = field(default_factory=list)
    alone: list[float] = field(default_factory=list)
    loaded: list[float] = field(default_factory=list)
    starts: list[float] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)
    idle_seconds: float = 0.0
    idle_cpu: float = 0.0
    idle_statements: int = 0


# --- the worker -----------------------------------------------------------------------------

_statements = 0


def _count(statement: object) -> None:
    global _statements
    if not str(statement).startswith(("BEGIN", "COMMIT", "ROLLBACK")):
        _statements += 1


def _count_statements() -> None:
    connect, execute = sqlite3.dbapi2.connect, psycopg.Cursor.execute

    def counted_connect(*args: object, **named: object) -> object:
        connection = connect(*args, **named)  # type: ignore[call-overload]
        connection.set_trace_callback(_count)
        return connection

    def counted_execute(self: Any, query: Any, *args: Any, **named: Any) -> object:
        _count(query)
        return execute(self, query, *args, **named)

    sqlite3.connect = sqlite3.dbapi2.connect = counted_connect  # type: ignore[assignment]
    psycopg.Cursor.execute = counted_execute  # type: ignore[method-assign,assignment]


def _tell_costs() -> None:
    while True:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        told = [time.monotonic(), time.process_time(), _statements, pages / 256]
        print("costs", json.dumps(told), flush=True)
        time.sleep(1.0)


def _work(way: str) -> None:
    _count_statements()
    threading.Thread(target=_tell_costs, daemon=True).start()
    if way in _QUEUES:
        worker.main()
        return
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    settings = load_settings()
    jkn_database.connect(settings)
    services.configure(settings)
    deliveries.configure(sms.from_settings(settings), email.from_settings(settings))
    stop, woken, looking = threading.Event(), threading.Event(), threading.Lock()
    every = _LOOKS.get(way, 1.0)

    def next_message() -> object:
        with looking:
            while not stop.is_set():
                woken.clear()
                if taken := deliveries._take():  # noqa: SLF001
                    return taken
                session.remove()
                woken.wait(every)
        return None

    def deliver() -> None:
        while (taken := next_message()) is not None:
            deliveries._deliver(taken)  # type: ignore[arg-type]  # noqa: SLF001

    def repeat() -> None:
        while not stop.is_set():
            periodic.run_due()
            session.remove()
            stop.wait(60)

    def listen() -> None:
        dsn = f"postgresql://{settings.database_url.partition('://')[2]}"
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute("LISTEN outbox")
            for _ in connection.notifies():
                woken.set()

    if way == _LISTEN:
        threading.Thread(target=listen, daemon=True).start()
    team = [threading.Thread(target=deliver) for _ in range(settings.worker_threads)]
    team.append(threading.Thread(target=repeat))
    for it in team:
        it.start()
    signal.sigwait({signal.SIGTERM})
    stop.set()
    woken.set()
    for it in team:
        it.join()


# --- the measurement ------------------------------------------------------------------------


def _write(way: str) -> tuple[float, float]:
    begun = time.perf_counter()
    with transaction():
        outbox.write(Channel.SMS, "code:test", Content("+6281200000000", "Kode JKN"))
        if way == _LISTEN:
            session.execute(text("NOTIFY outbox"))
        session.flush()
    ended = time.perf_counter()
    return begun, ended


def _written_at_random(
    way: str, messages: int, a_second: float, arrivals: Arrivals, found: Found
) -> list[float]:
    before, dice = len(arrivals.times), random.Random()
    committed = []
    for _ in range(messages):
        time.sleep(dice.random() * 2 / a_second)
        begun, ended = _write(way)
        found.writes.append(ended - begun)
        committed.append(ended)
    arrivals.wait_for(before + messages)
    # One writer, and messages are taken in the order in which they are due: they came so.
    came = sorted(at[0] for at in arrivals.times.values())[before:]
    return [max(0.0, then - at) for at, then in zip(committed, came, strict=True)]


def _one_round(way: str, settings: Settings, asked: argparse.Namespace, found: Found) -> None:
    arrivals = Arrivals()
    environment = {"JKN_QUEUE_URL": settings.queue_url}
    wake = task_queue.wake
    if way not in _QUEUES:
        task_queue.wake = lambda: None
    try:
        with http_stub(arrivals.behave) as gateway:
            write_messages()
            begun = time.perf_counter()
            program = ("-m", "benchmarks.waking", way)
            with running_worker(settings, gateway, program=program, **environment) as process:
                arrivals.wait_for(1)
                found.starts.append(time.perf_counter() - begun)
                time.sleep(1.5)
                found.alone += _written_at_random(way, asked.messages, 3.0, arrivals, found)
                found.loaded += _written_at_random(way, 3 * asked.messages, 20.0, arrivals, found)
                time.sleep(1.5)
                told = len(_costs(process.output()))
                time.sleep(asked.idle + 1)
                first, *_, last = _costs(process.output())[told:]
    finally:
        task_queue.wake = wake
    found.idle_seconds += last[0] - first[0]
    found.idle_cpu += last[1] - first[1]
    found.idle_statements += int(last[2] - first[2])
    found.megabytes.append(last[3])


def _costs(output: str) -> list[list[float]]:
    return [json.loads(it[6:]) for it in output.splitlines() if it.startswith("costs ")]


def _measure(kind: str, asked: argparse.Namespace) -> dict[str, Found]:
    ways = [*_QUEUES, *_LOOKS, _LISTEN] if kind == "postgresql" else [_QUEUES[0], *_LOOKS]
    found: dict[str, Found] = defaultdict(Found)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        ready = stack.enter_context(database(kind, folder))
        urls = {_QUEUES[0]: ready.settings.queue_url, _QUEUES[1]: ready.settings.database_url}
        if kind == "postgresql":
            urls[_QUEUES[2]] = stack.enter_context(running_redis())
        for number in range(asked.rounds):
            for way in random.sample(ways, len(ways)):
                url = urls.get(way, ready.settings.queue_url)
                task_queue.configure(url)
                settings = ready.settings.model_copy(update={"queue_url": url})
                _one_round(way, settings, asked, found[way])
                print(f"{kind} {number + 1}/{asked.rounds} {way}", file=sys.stderr, flush=True)
    return {it: found[it] for it in ways}


def main() -> None:
    """Print the tables, or be a worker."""
    if len(sys.argv) == 2 and sys.argv[1] in (*_QUEUES, *_LOOKS, _LISTEN):
        _work(sys.argv[1])
        return
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--messages", type=int, default=20)
    options.add_argument("--idle", type=float, default=8.0)
    asked = options.parse_args()
    kinds = ("sqlite", "postgresql") if asked.database == "both" else (asked.database,)
    waits, costs = [], []
    for kind in kinds:
        for way, it in _measure(kind, asked).items():
            row: list[object] = [f"{kind}: {way}"]
            for times in (it.alone, it.loaded):
                row += [milliseconds(percentile(times, percent)) for percent in (50, 95, 100)]
            waits.append([*row, milliseconds(percentile(it.writes, 50))])
            costs.append([
                row[0],
                f"{60 * it.idle_cpu / it.idle_seconds:.2f}",
                f"{60 * it.idle_statements / it.idle_seconds:.0f}",
                f"{percentile(it.starts, 50):.1f}",
                f"{percentile(it.megabytes, 50):.0f}",
            ])  # fmt: skip
    headings = ["ms", "alone p50", "p95", "max", "20/s p50", "p95", "max", "a write, p50"]
    print_table(headings, waits)
    print()
    print_table(["idle", "CPU s/min", "statements/min", "start s", "MB"], costs)


if __name__ == "__main__":
    main()
