"""`make bench NAME=villages`: what it takes to find a village.

CPU time of this process, which others hardly change: the first search, which maps the file and
reads its provinces, regencies and districts, and then each search 40 times. *Memory* is what the
process grew by with all of them, the mapped file included; beside it what it takes to read all
names from the library behind `gateways.regions`.
"""

import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks.measure import milliseconds, percentile, print_table
from jkn.gateways import regions
from jkn.services.basics.village_search import search

_ROUNDS = 40
_PAGE_MB = 4096 / 1_000_000
SEARCHES = {
    "a name with its district": "mekar jaya sukmajaya",
    "a whole address": "Jl. Melati 4 RT 02 Kelurahan Mekar Jaya Kecamatan Sukmajaya Kota Depok",
    "a postal code": "16411",
    "a common name": "sidomulyo",
    "part of two thousand names": "jaya",
    "two letters": "su",
    "a name that nobody has": "desa ini tidak ada",
    "six words of one letter": "a b c d e f",
    "the same word six times": "jaya jaya jaya jaya jaya jaya",
}


def main() -> int:
    """Print the tables."""
    before = _megabytes()
    first = _seconds(lambda: search("mekar jaya sukmajaya"))
    rows = []
    for name, typed in SEARCHES.items():
        times = [_seconds(partial(search, typed)) for _ in range(_ROUNDS)]
        rows.append((name, milliseconds(median(times)), milliseconds(percentile(times, 95))))
    grown = _megabytes() - before
    print_table(("search", "ms", "p95"), rows)
    before = _megabytes()
    library = _seconds(_read_the_library)
    print()
    loaded = _megabytes() - before
    print_table(
        ("", "first ms", "memory MB"),
        [
            ("the file", milliseconds(first), f"{grown:.1f}"),
            ("the library", milliseconds(library), f"{loaded:.1f}"),
        ],
    )
    return 0


def _read_the_library() -> None:
    for _ in regions.everything():
        pass


def _seconds(act: Callable[[], object]) -> float:
    begun = time.process_time()
    act()
    return time.process_time() - begun


def _megabytes() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE_MB


if __name__ == "__main__":
    sys.exit(main())
