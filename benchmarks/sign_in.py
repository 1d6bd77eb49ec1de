"""`make bench NAME=sign_in`: what signing in costs, and what everybody else notices of a flood.

**Cost**: one sign-in after the other: time on the clock, the CPU time of the server, and, in turns,
the CPU time of one argon2 comparison in this process. Then several sign-ins at once.

**Ways in**: the same with a fingerprint (`benchmarks/ways_in.py`).

**Flood**: a hundred people press MASUK at the same moment, with right captcha and password. A
person who is told that too many want to sign in (503) gives up, tries again after a second, or
tries again at once and without end, as a robot would, for ten seconds at most. Meanwhile somebody
opens Landing, Masuk and Beranda, one page after the other. Goal: p95 of the pages under 500 ms.

**Captchas**: one address asks for 300 new captchas within ten seconds; most get 429. Goal: the
p95 of pages is less than twice what it is while nothing happens.

Server and visitors share this machine's cores, so the visitors of a flood slow the server, too.
Nothing here fails on time.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle, islice
from statistics import median

from benchmarks import bare
from benchmarks.measure import (
    Visitor,
    cpu_seconds,
    milliseconds,
    percentile,
    print_table,
    sign_in_form,
    signed_in,
    take_turns,
)
from benchmarks.ways_in import print_ways_in
from jkn.services.basics import runtime
from jkn.services.credentials import passwords
from jkn.settings import Settings
from tests.support.world.connected import SECRETS
from tests.support.world.running_app import Identity, RunningApp, running_app

CROWD = 100
REFRESHES = 300

_PERSON = "ppu_active"
_ROUNDS = 40
_LONGEST_FLOOD_SECONDS = 10.0
_IDLE_SECONDS = 2.0
# How many crowds come one after the other, and the seconds until people who were turned away press
# again; None: never.
_FLOODS: dict[str, tuple[int, float | None]] = {
    f"{CROWD} at once": (5, None),
    f"{CROWD} at once, again after a second": (1, 1.0),
    f"{CROWD} at once, again without a pause": (1, 0.0),
}
# The length of the windows in which the request limits count.
_LIMIT_SECONDS = 10.0
_CAPTCHA_ROUNDS = 2
_BETWEENPAGES_SECONDS = 0.02
PAGES = {"Landing": "/", "Masuk": "/masuk", "Beranda": "/beranda"}


@dataclass
class Attempt:
    """One person on Masuk, with the form filled in."""

    visitor: Visitor
    form: dict[str, str]

    def press(self) -> int:
        """Send the form as htmx does; returns the status of the answer, or 303 when the person is
        signed in. After a 503 the form can be sent again."""
        answer = self.visitor.post("/masuk", self.form, HX_Request="true")
        return 303 if answer.header("hx-redirect") else answer.status


@dataclass
class Seen:
    """What was measured meanwhile. `answers`: how many, by status. `pages`: the seconds of each
    visit, by page."""

    answers: Counter[int] = field(default_factory=Counter)
    pages: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in PAGES})


def main() -> None:
    """Print the tables."""
    with running_app(*bare.PROGRAM) as app:
        people = app.identities()
        print_cost(app, people)
        print()
        print_ways_in(app)
        print()
        print_floods(app, people)
        print()
        print_captchas(app)


def print_cost(app: RunningApp, people: Sequence[Identity]) -> None:
    """Print how much CPU time one sign-in takes, and how much of that is argon2."""
    process = int(Visitor(app.url).get("/bare/process").content)
    crowd = cycle(people)
    runtime.bind(Settings(pepper=SECRETS["pepper"], argon2_cost="safe"))
    password = people[0].password
    stored = passwords.hash_password(password)
    on_the_clock: list[float] = []

    def sign_in() -> float:
        attempt = at_the_door(app, next(crowd))
        before, begun = cpu_seconds(process), time.perf_counter()
        expect(attempt.press(), 303)
        on_the_clock.append(time.perf_counter() - begun)
        return cpu_seconds(process) - before

    def hash_alone() -> float:
        before = time.thread_time()
        passwords.is_right(stored, password)
        return time.thread_time() - before

    turns = take_turns({"sign-in": sign_in, "argon2": hash_alone}, rounds=_ROUNDS)
    whole, hashing = median(turns["sign-in"]), median(turns["argon2"])
    rows = [
        ["One sign-in, on the clock", f"{milliseconds(median(on_the_clock))} ms"],
        ["One sign-in, computed by the server", f"{milliseconds(whole)} ms"],
        ["One argon2 comparison, computed", f"{milliseconds(hashing)} ms"],
        ["Share of argon2", f"{hashing / whole:.0%}"],
    ]
    for at_once in (1, 2, 8):
        rows.append([f"Sign-ins a second, {at_once} at once", f"{rate(app, people, at_once):.1f}"])
    print_table(["Cost", ""], rows)


def rate(app: RunningApp, people: Sequence[Identity], at_once: int) -> float:
    """Sign-ins a second when `at_once` people sign in at any moment."""
    attempts = [at_the_door(app, it) for it in people]
    begun = time.perf_counter()
    with ThreadPoolExecutor(at_once) as pool:
        answers = Counter(pool.map(Attempt.press, attempts))
    seconds = time.perf_counter() - begun
    expect(answers[303], len(people))
    return len(people) / seconds


def print_floods(app: RunningApp, people: Sequence[Identity]) -> None:
    """Print what visitors of pages notice of each flood, and what the crowd itself is told."""
    idle = Seen()
    rows = []
    for name, (crowds, pause) in _FLOODS.items():
        flooded = Seen()
        for _ in range(crowds):
            crowd = [at_the_door(app, it) for it in islice(cycle(people), CROWD)]
            watched(app, idle, lambda _: time.sleep(_IDLE_SECONDS))
            watched(app, flooded, flood_of(crowd, pause))
            for attempt in crowd:
                attempt.visitor.close()
        rows.append([name, *_flood_cells(flooded)])
    rows.insert(0, ["Nothing", *_flood_cells(idle)])
    headings = ["Meanwhile", "in", "503", "429", "else"]
    headings += [f"{name} {what}" for name in PAGES for what in ("p50", "p95 ms")]
    print_table(headings, rows)


def flood_of(crowd: Sequence[Attempt], pause: float | None) -> Callable[[Seen], None]:
    """A flood in which everybody presses at once. `pause`: the seconds until people who were turned
    away press again, None for never."""

    def flood(seen: Seen) -> None:
        together = threading.Barrier(len(crowd))
        until = time.monotonic() + _LONGEST_FLOOD_SECONDS

        def insist(attempt: Attempt) -> Counter[int]:
            together.wait()
            answers = Counter([attempt.press()])
            while pause is not None and 303 not in answers and time.monotonic() < until:
                time.sleep(pause)
                answers[attempt.press()] += 1
            return answers

        with ThreadPoolExecutor(len(crowd)) as pool:
            for answers in pool.map(insist, crowd):
                seen.answers += answers

    return flood


def print_captchas(app: RunningApp) -> None:
    """Print what visitors of pages notice of 300 new captchas in ten seconds for one address."""
    robot = Visitor(app.url, source="127.0.0.9")

    def refresh(seen: Seen) -> None:
        begun = time.monotonic()
        for number in range(REFRESHES):
            time.sleep(max(0.0, begun + number * _LIMIT_SECONDS / REFRESHES - time.monotonic()))
            seen.answers[robot.get("/captcha/masuk", HX_Request="true").status] += 1

    idle, busy = Seen(), Seen()
    for _ in range(_CAPTCHA_ROUNDS):
        watched(app, idle, lambda _: time.sleep(_LIMIT_SECONDS))
        watched(app, busy, refresh)
    rows = []
    for name in PAGES:
        before, during = (percentile(it.pages[name], 95) for it in (idle, busy))
        rows.append([name, milliseconds(before), milliseconds(during), f"{during / before:.2f}"])
    print_table([f"{REFRESHES} captchas", "p95 ms before", "p95 ms during", "ratio"], rows)
    answers = " and ".join(f"{count} × {it}" for it, count in sorted(busy.answers.items()))
    print(f"\nAsked {_CAPTCHA_ROUNDS} times for {REFRESHES} captchas, it was answered {answers}.")


def watched(app: RunningApp, seen: Seen, happening: Callable[[Seen], None]) -> None:
    """Let somebody open page after page for as long as `happening` takes."""
    with _reader(app, seen):
        happening(seen)


@contextmanager
def _reader(app: RunningApp, seen: Seen) -> Iterator[None]:
    is_over = threading.Event()
    person = signed_in(app.url, app.identity(_PERSON))
    visitors = {name: person if name == "Beranda" else Visitor(app.url) for name in PAGES}

    def read() -> None:
        while not is_over.wait(_BETWEENPAGES_SECONDS):
            for name, path in PAGES.items():
                answer = visitors[name].get(path)
                expect(answer.status, 200)
                seen.pages[name].append(answer.seconds)

    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(read)
        try:
            yield
        finally:
            is_over.set()
            reading.result()


def at_the_door(app: RunningApp, person: Identity) -> Attempt:
    """A person on Masuk, with the form opened and filled in."""
    visitor = Visitor(app.url)
    return Attempt(visitor, sign_in_form(visitor, person))


def expect(found: int, wanted: int) -> None:
    """Raises RuntimeError when another status was found than the one that the table is about."""
    if found != wanted:
        raise RuntimeError(f"{found} instead of {wanted}")


def _flood_cells(seen: Seen) -> list[str]:
    counted = [seen.answers[it] for it in (303, 503, 429)]
    cells = [str(it) for it in (*counted, seen.answers.total() - sum(counted))]
    for times in seen.pages.values():
        cells += [milliseconds(median(times)), milliseconds(percentile(times, 95))]
    return cells


if __name__ == "__main__":
    main()
