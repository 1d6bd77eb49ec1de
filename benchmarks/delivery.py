"""Delivery: how fast messages leave, and that none is lost.

    python -m benchmarks.delivery                    # SQLite and PostgreSQL, about five minutes
    python -m benchmarks.delivery --database sqlite --messages 100 --kills 5

Real workers hand messages over to an SMS gateway on this machine. It takes 50 ms for each message,
like a gateway at the other end of the country. Three tables:

- *throughput*: how many messages a second are handed over by one worker process, and by four;
- *waiting*: the time from the commit of a message to its arrival at the gateway, for messages that
  come one at a time, and under a load of 20 a second, which is twenty times the normal load. They
  come at random moments: at an even pace they would be in step with the worker's looks;
- *kills*: a worker is killed (SIGKILL) while messages are under way, again and again. No message
  may be lost, and one that arrives twice must have the same idempotency key; otherwise the command
  ends with 1.

Workers, gateway and database share this machine: compare the ratios, not the numbers.
"""

import argparse
import json
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select, update

from benchmarks.measure import milliseconds, percentile, print_table
from jkn.database import session, transaction
from jkn.models import MessageState, OutboxMessage
from jkn.services.basics import clock
from jkn.settings import Settings
from tests.support.gateways.http_stub import Exchange, http_stub
from tests.support.world.connected import ConnectedDatabase, connected, settings_for
from tests.support.world.databases import PostgresqlCopies, SqliteCopies
from tests.support.world.postgresql import PostgresqlServer
from tests.support.world.running_worker import running_worker, write_messages

_GATEWAY_SECONDS = 0.05
_NORMAL_A_SECOND = 1.0
_LOAD = 20
_PATIENCE_SECONDS = 120.0


class Arrivals:
    """When messages arrived at the gateway: every arrival, by idempotency key."""

    def __init__(self) -> None:
        self.times: dict[str, list[float]] = {}
        self._lock = threading.Lock()

    def behave(self, exchange: Exchange) -> None:
        """Note the message, take some time, accept."""
        idempotency_key = json.loads(exchange.received.body)["id"]
        with self._lock:
            self.times.setdefault(idempotency_key, []).append(time.perf_counter())
        time.sleep(_GATEWAY_SECONDS)
        exchange.answer(202, b'{"id": "taken"}')

    def wait_for(self, count: int) -> None:
        """Wait until this many different messages have arrived. Raises TimeoutError when they do
        not."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while len(self.times) < count:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{len(self.times)} of {count} arrived")
            time.sleep(0.005)


def throughput(settings: Settings, workers: int, messages: int) -> float:
    """Messages handed over a second, from the first arrival to the last."""
    arrivals = Arrivals()
    write_messages(messages)
    with http_stub(arrivals.behave) as gateway, ExitStack() as running:
        for _ in range(workers):
            running.enter_context(running_worker(settings, gateway))
        arrivals.wait_for(messages)
    first, *_, last = sorted(times[0] for times in arrivals.times.values())
    return (messages - 1) / (last - first)


def waiting(settings: Settings, messages: int, a_second: float) -> list[float]:
    """The seconds from commit to arrival, of messages that are written at about this pace."""
    arrivals = Arrivals()
    written: dict[str, float] = {}
    rng = random.Random(20260504)
    with http_stub(arrivals.behave) as gateway, running_worker(settings, gateway):
        write_messages()
        arrivals.wait_for(1)
        for _ in range(messages):
            time.sleep(rng.random() * 2 / a_second)
            (idempotency_key,) = write_messages()
            written[idempotency_key] = time.perf_counter()
        arrivals.wait_for(messages + 1)
    # A message may arrive before its writer has noted the time.
    return [max(0.0, arrivals.times[it][0] - at) for it, at in written.items()]


def kills(settings: Settings, times: int) -> dict[str, int]:
    """Kill a working worker this often; returns what became of the messages."""
    arrivals = Arrivals()
    rng = random.Random(20260503)
    written = write_messages(4 * times)
    with http_stub(arrivals.behave) as gateway:
        for _ in range(times):
            seen = len(gateway.received)
            with running_worker(settings, gateway) as worker:
                deadline = time.monotonic() + _PATIENCE_SECONDS
                while len(gateway.received) == seen and time.monotonic() < deadline:
                    time.sleep(0.001)
                time.sleep(rng.random() * 2 * _GATEWAY_SECONDS)
                worker.kill()
            _let_a_minute_pass()
            if _waiting() < times:
                written += write_messages(2 * times)
        with running_worker(settings, gateway):
            arrivals.wait_for(len(written))
            while _waiting():
                time.sleep(0.05)
    came = Counter({it: len(at) for it, at in arrivals.times.items()})
    return {
        "kills": times,
        "messages": len(written),
        "lost": len(set(written) - set(came)),
        "handed over again, same id": sum(it - 1 for it in came.values()),
        "under another id": len(set(came) - set(written)),
    }


def _let_a_minute_pass() -> None:
    """After a minute, other workers may take what a killed one held. Let that minute pass now."""
    with transaction():
        session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.state == MessageState.WAITING)
            .values(due_at=clock.now() - timedelta(seconds=1))
        )


def _waiting() -> int:
    session.rollback()
    count = select(func.count()).where(OutboxMessage.state == MessageState.WAITING)
    waiting_now = session.scalar(count) or 0
    session.rollback()
    return waiting_now


@contextmanager
def database(kind: str, folder: Path) -> Iterator[ConnectedDatabase]:
    """An empty migrated database of our own, with session and services bound to it."""
    with ExitStack() as stack:
        if kind == "sqlite":
            copy = stack.enter_context(SqliteCopies(folder).copy())
        else:
            copies = PostgresqlCopies(stack.enter_context(PostgresqlServer()))
            stack.callback(copies.close)
            copy = stack.enter_context(copies.copy())
        settings = settings_for(copy.url, folder / "assets", {"log_level": "error"})
        yield stack.enter_context(connected(copy, settings))


def main() -> int:
    """Print the tables; 1 when a message was lost or arrived under another idempotency key."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    options.add_argument("--messages", type=int, default=300)
    options.add_argument("--kills", type=int, default=50)
    asked = options.parse_args()
    kinds = ("sqlite", "postgresql") if asked.database == "both" else (asked.database,)
    speeds, waits, losses = [], [], []
    for kind in kinds:
        with tempfile.TemporaryDirectory() as folder, database(kind, Path(folder)) as ready:
            rates = [throughput(ready.settings, it, asked.messages) for it in (1, 4)]
            speeds.append([kind, *(f"{it:.0f}" for it in rates), f"{rates[1] / rates[0]:.1f}"])
            for name, pace in (("alone", _NORMAL_A_SECOND * 4), ("20 a second", _LOAD)):
                times = waiting(ready.settings, asked.messages // 3, pace)
                waits.append(
                    [kind, name, *(milliseconds(percentile(times, it)) for it in (50, 95, 100))]
                )
            losses.append({"database": kind, **kills(ready.settings, asked.kills)})
    print_table(["messages a second", "1 worker", "4 workers", "ratio"], speeds)
    print()
    print_table(["commit to hand-over, ms", "load", "median", "p95", "longest"], waits)
    print()
    print_table(list(losses[0]), [list(it.values()) for it in losses])
    return int(any(it["lost"] or it["under another id"] for it in losses))


if __name__ == "__main__":
    sys.exit(main())
