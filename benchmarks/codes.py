"""`make bench NAME=codes`: sixty people ask for a code at once while others browse.

Everybody has come as far as the choice of a way (Lupa kata sandi) and presses SMS in the same
moment, three crowds one after the other. The gateway takes 50 ms for each message, or sleeps for
25 seconds. Meanwhile somebody opens Landing, Masuk and Beranda, one page after the other. Goals: no
page is slower than 500 ms at p95, and asking never waits for the gateway.

Server, worker, gateway and visitors share this machine's cores. Nothing here fails on time.
"""

import random
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from statistics import median

from benchmarks.measure import Visitor, hidden_fields, milliseconds, percentile, print_table
from benchmarks.sign_in import PAGES, Seen, expect, watched
from tests.support.http_stub import Exchange, http_stub
from tests.support.running_app import FIXED_CAPTCHA, RunningApp, running_app

CROWD = 60
_CROWDS = 3
_IDLE_SECONDS = 3.0
_GATEWAYS = {"50 ms": 0.05, "asleep for 25 s": 25.0}


@dataclass
class Asking:
    """Somebody who has yet to press SMS."""

    visitor: Visitor
    fields: dict[str, str]

    def press(self) -> float:
        """Seconds until the page where the code is typed was named."""
        answer = self.visitor.post("/lupa-kata-sandi/cara", self.fields)
        expect(answer.status, 303)
        return answer.seconds


def main() -> None:
    """Print the table."""
    rows = []
    for name, seconds in _GATEWAYS.items():
        with http_stub(sleeper(seconds)) as gateway:
            url = f"http://token@127.0.0.1:{gateway.port}/sms"
            with running_app(SMS_URL=url) as app:
                rows += measured(app, name, lambda: len(gateway.received))
    headings = ["gateway", "meanwhile", "asking p50", "p95 ms", "at the gateway"]
    headings += [f"{page} p95 ms" for page in PAGES]
    print_table(headings, rows)


def sleeper(seconds: float) -> Callable[[Exchange], None]:
    """A gateway that takes its time, and then takes the message."""

    def behave(exchange: Exchange) -> None:
        exchange.stub.end.wait(seconds)
        exchange.answer(202, b'{"id": "taken"}')

    return behave


def measured(app: RunningApp, gateway: str, arrived: Callable[[], int]) -> list[list[str]]:
    """A row for nothing, and one for the crowds."""
    idle, busy, times = Seen(), Seen(), list[float]()
    niks = crowds_of(app)
    watched(app, idle, lambda _: time.sleep(_IDLE_SECONDS))
    for number, crowd in enumerate(niks, start=1):
        # Ten share an address, as those behind a carrier's do.
        ready = [asking(app, nik, f"127.0.{number}.{it // 10 + 1}") for it, nik in enumerate(crowd)]
        watched(app, busy, partial(all_at_once, ready, times))
    watched(app, Seen(), lambda _: time.sleep(_IDLE_SECONDS))
    asked = [milliseconds(median(times)), milliseconds(percentile(times, 95))]
    return [
        [gateway, "nothing", "", "", "", *_pages(idle)],
        [gateway, f"{CROWD} at once", *asked, str(arrived()), *_pages(busy)],
    ]


def crowds_of(app: RunningApp) -> list[list[str]]:
    """The NIK of those who ask: ten of each crowd have a phone, the others do not exist, which
    costs the same."""
    dice = random.Random(20260503)
    known = iter([it.nik for it in app.identities()])
    return [
        [*islice(known, 10), *("".join(dice.choices("123456789", k=16)) for _ in range(CROWD - 10))]
        for _ in range(_CROWDS)
    ]


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


def all_at_once(crowd: Sequence[Asking], times: list[float], _: Seen) -> None:
    """Everybody presses in the same moment; adds how long each waited."""
    together = threading.Barrier(len(crowd))

    def press(one: Asking) -> float:
        together.wait()
        return one.press()

    with ThreadPoolExecutor(len(crowd)) as pool:
        times.extend(pool.map(press, crowd))


def _pages(seen: Seen) -> list[str]:
    return [milliseconds(percentile(it, 95)) for it in seen.pages.values()]


if __name__ == "__main__":
    main()
