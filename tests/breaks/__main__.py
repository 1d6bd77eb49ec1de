"""Measures the strength of the tests: the code is broken on purpose, one line at a time, and the
named tests must notice.

    make breaks                      # all, two at a time
    make breaks NAME="sessions"      # those with this word in area, sentence or file
    make breaks NAME="code expiry" WORKERS=1

It prints a line for each break and a table by area, and ends with 1 when a break was not noticed or
does not fit the code any more. The checkout is not touched; uncommitted changes are included.
"""

import argparse
import queue
import shutil
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from benchmarks.measure import print_table
from tests.breaks.entries import Break, every_break, misfits, with_words
from tests.breaks.trials import Outcome, Verdict, attempt, copy_tracked, unbroken
from tests.support.world.databases import ROOT

_NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when every break was noticed."""
    parser = argparse.ArgumentParser(prog="make breaks")
    parser.add_argument("words", nargs="*", help="only breaks that have all of them")
    parser.add_argument("--workers", type=int, default=2, help="how many at a time")
    asked = parser.parse_args(arguments)
    breaks = with_words(every_break(), " ".join(asked.words))
    begun = time.monotonic()
    outcomes = _try_all(breaks, max(1, asked.workers))
    if outcomes is None:
        return 1
    print()
    _print_areas(outcomes)
    minutes, seconds = divmod(round(time.monotonic() - begun), 60)
    print(f"\n{len(outcomes)} breaks in {minutes} min {seconds} s")
    return min(1, sum(not it.verdict.is_good for it in outcomes.values()) + (not outcomes))


def _try_all(breaks: Sequence[Break], workers: int) -> dict[Break, Outcome] | None:
    """The outcome of each break; None when tests fail already while nothing is broken."""
    outcomes: dict[Break, Outcome] = {}
    for it in breaks:
        if found := "; ".join(misfits(it, ROOT)):
            outcomes[it] = Outcome(Verdict.NO_FIT, why=found)
            _print_line(it, outcomes[it])
    fitting = [it for it in breaks if it not in outcomes]
    if not fitting:
        return outcomes
    with tempfile.TemporaryDirectory(prefix="jkn-breaks-") as folder:
        copies = [Path(folder) / str(number) for number in range(min(workers, len(fitting)))]
        copy_tracked(copies[0])
        print(f"The tests of {len(fitting)} breaks while nothing is broken …", flush=True)
        is_well, said = unbroken(copies[0], fitting, workers)
        if not is_well:
            print(said)
            return None
        for copy in copies[1:]:
            shutil.copytree(copies[0], copy)
        for it, outcome in _in_turns(fitting, copies):
            outcomes[it] = outcome
            _print_line(it, outcome)
    return outcomes


def _in_turns(breaks: Sequence[Break], copies: Sequence[Path]) -> Iterator[tuple[Break, Outcome]]:
    """Each break with its outcome, as they end; each copy of the code is used by one at a time."""
    free: queue.SimpleQueue[Path] = queue.SimpleQueue()
    for copy in copies:
        free.put(copy)

    def tried(it: Break) -> Outcome:
        copy = free.get()
        try:
            return attempt(it, copy)
        finally:
            free.put(copy)

    with ThreadPoolExecutor(len(copies)) as threads:
        under_way = {threads.submit(tried, it): it for it in breaks}
        try:
            for done in as_completed(under_way):
                yield under_way[done], done.result()
        except BaseException:
            threads.shutdown(cancel_futures=True)
            raise


def _print_line(it: Break, outcome: Outcome) -> None:
    where = f" ({_NAMES[it.only_on]} alone can tell)" if it.only_on else ""
    by = outcome.why.rpartition("::")[2]
    print(
        f"{outcome.verdict:13}  {outcome.seconds:6.1f} s  {it.area}: {it.broken}{where}"
        + (f"  [{by}]" if by else ""),
        flush=True,
    )


def _print_areas(outcomes: dict[Break, Outcome]) -> None:
    areas: dict[str, list[Outcome]] = defaultdict(list)
    for it, outcome in outcomes.items():
        areas[it.area].append(outcome)
        areas["all"].append(outcome)
    everything = areas.pop("all", [])
    rows = [_row(area, found) for area, found in sorted(areas.items())]
    print_table(["area", "breaks", "caught", "share", "seconds"], [*rows, _row("all", everything)])


def _row(area: str, found: Sequence[Outcome]) -> list[object]:
    caught = sum(it.verdict.is_good for it in found)
    share = f"{100 * caught // max(1, len(found))} %"
    return [area, len(found), caught, share, round(sum(it.seconds for it in found))]


if __name__ == "__main__":
    sys.exit(main())
