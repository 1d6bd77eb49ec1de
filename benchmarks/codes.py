"""`make bench NAME=codes`: sixty people ask for a code while others browse.

Everybody has come as far as the choice of a way (Lupa Kata Sandi) and presses SMS: first sixty
people within ten seconds, then two crowds of sixty at the same moment. The gateway takes 50 ms for
each message, or hangs for 25 seconds. Meanwhile somebody opens Landing, Masuk and Beranda, one
after the other. Goals: no page is slower than 500 ms at p95, and asking never waits for the
gateway.

The database is SQLite, where only one transaction writes at a time: of the people who press at the
same moment, the last waits for all the others.

Server, worker, gateway and visitors share this machine's cores. Nothing here fails on time.
"""

import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import count, islice
from statistics import median

from benchmarks.measure import Visitor, hidden_fields, milliseconds, percentile, print_table
from benchmarks.sign_in import PAGES, Seen, expect, watched
from tests.support.gateways.http_stub import Exchange, http_stub
from tests.support.world.running_app import FIXED_CAPTCHA, RunningApp, running_app

CROWD = 60
# For each kind of crowd: how many seconds each of its crowds takes to press.
_CROWDS = {"60 in ten seconds": [10.0], "60 at once": [0.0, 0.0]}
_IDLE_SECONDS = 3.0
_GATEWAYS = {"50 ms": 0.05, "asleep for 25 s": 25.0}


@dataclass
class Asking:
    """Somebody who has not pressed SMS yet."""

    visitor: Visitor
    fields: dict[str, str]

    def press(self) -> float:
        """Press SMS; returns the seconds until the redirect to the page where the code is typed."""
        answer = self.visitor.post("/lupa-kata-sandi/cara", self.fields)
        expect(answer.status, 303)
        return answer.seconds


def main() -> None:
    """Print the table."""
    rows = []
    for name, seconds in _GATEWAYS.items():
        with http_stub(sleeper(seconds)) as gateway:
            url = f"http://token@127.0.0.1:{gateway.port}/sms"
            with running_app(JKN_SMS_URL=url) as app:
                rows += measured(app, name, lambda: len(gateway.received))
    headings = ["gateway", "meanwhile", "asking p50", "p95 ms", "at the gateway"]
    headings += [f"{page} p95 ms" for page in PAGES]
    print_table(headings, rows)


def sleeper(seconds: float) -> Callable[[Exchange], None]:
    """A gateway that waits for so many seconds, and then accepts the message."""

    def behave(exchange: Exchange) -> None:
        exchange.stub.end.wait(seconds)
        exchange.answer(202, b'{"id": "taken"}')

    return behave


def measured(app: RunningApp, gateway: str, arrived: Callable[[], int]) -> list[list[str]]:
    """The table's rows: one while nothing happens, and one for each kind of crowd."""
    idle, crowds, rows = Seen(), iter(crowds_of(app)), []
    watched(app, idle, lambda _: time.sleep(_IDLE_SECONDS))
    rows.append([gateway, "nothing", "", "", "", *_pages(idle)])
    for name, spans in _CROWDS.items():
        busy, times = Seen(), list[float]()
        for span in spans:
            number, niks = next(crowds)
            # Ten people share an address, as they do behind a carrier.
            crowd = [
                asking(app, it, f"127.0.{number}.{at // 10 + 1}") for at, it in enumerate(niks)
            ]
            watched(app, busy, partial(all_press, crowd, span, times))
        asked = [milliseconds(median(times)), milliseconds(percentile(times, 95))]
        time.sleep(_IDLE_SECONDS)
        rows.append([gateway, name, *asked, str(arrived()), *_pages(busy)])
    return rows


def crowds_of(app: RunningApp) -> Iterator[tuple[int, list[str]]]:
    """The number of each crowd, and the NIKs of its people. Ten of them have a phone; the others do
    not exist, which costs the same."""
    rng = random.Random(20260503)
    known = iter([it.nik for it in app.identities()])
    for number in count(1):
        strangers = ["".join(rng.choices("123456789", k=16)) for _ in range(CROWD - 10)]
        yield number, [*islice(known, 10), *strangers]


def asking(app: RunningApp, nik: str, source: str) -> Asking:
    """Somebody who comes as far as the choice of a way."""
    visitor = Visitor(app.url, source=source)
    start = hidden_fields(visitor.get("/lupa-kata-sandi"))
    expect(
        visitor.post(
            "/lupa-kata-sandi", start | {"nik": nik, "captcha_answer": FIXED_CAPTCHA}
        ).status,
        303,
    )
    return Asking(visitor, hidden_fields(visitor.get("/lupa-kata-sandi/cara")) | {"way": "sms"})


def all_press(crowd: Sequence[Asking], span: float, times: list[float], _: Seen) -> None:
    """Let everybody press within `span` seconds, and add to `times` how long each waited."""
    together = threading.Barrier(len(crowd))

    def press(number: int) -> float:
        together.wait()
        time.sleep(span * number / len(crowd))
        return crowd[number].press()

    with ThreadPoolExecutor(len(crowd)) as pool:
        times.extend(pool.map(press, range(len(crowd))))


def _pages(seen: Seen) -> list[str]:
    return [milliseconds(percentile(it, 95)) for it in seen.pages.values()]


if __name__ == "__main__":
    main()
