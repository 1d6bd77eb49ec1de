"""Whether Masuk and Beranda stay as fast when a hundred times more people take part, and whether
facilities are found fast in a list of the whole country.

    python -m benchmarks.growth                          # 10 thousand, 100 thousand, 1 million
    python -m benchmarks.growth --keep /var/tmp/worlds   # the second time in a few minutes
    python -m benchmarks.growth --sizes 2000,20000 --databases sqlite --rounds 20
    python -m benchmarks.growth --sizes ""               # facilities alone

Growing a world of a million takes some minutes; `--keep` keeps it. A PostgreSQL server is started
for the run, unless `--postgresql` names one, with a role that may create databases.

For each page and each world it prints how many queries the page takes, how long the server needs
(the median, and its ratio to that of the smallest world; in a run the worlds take turns), and how
the database finds the rows of each query. Hashing takes most of a sign-in, and does not depend on
how many people there are: times are also given without it. The command ends with 1 when a large
table is read whole, or a larger world takes more queries. A ratio above the goal is marked, and so
is a search for facilities that takes longer than its own.
"""

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import func, select, text

from benchmarks import facility_searches
from benchmarks.measure import milliseconds, percentile, print_table, take_turns
from benchmarks.plans import Plan, explained, large_tables
from benchmarks.visits import PAGES, Stopwatch, Visits
from benchmarks.worlds import World, opened
from jkn import create_app
from jkn.database import session
from jkn.models import Facility

GOAL = 1.2
_VERSIONS = {"sqlite": "SELECT sqlite_version()", "postgresql": "SHOW server_version"}
_NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}

Plans = dict[str, list[Plan]]


def main() -> int:
    """Print everything; 1 when something grows with the number of people that should not."""
    options = _options()
    failures = []
    print(_machine())
    with _folder(options.keep) as folder:
        for kind in options.databases:
            if options.sizes:
                with opened(kind, options.sizes, folder, options.postgresql) as worlds:
                    failures += _measure(worlds, options.rounds)
            if options.facilities:
                failures += _measure_facilities(kind, folder, options)
    for failure in failures:
        print(f"✗ {failure}")
    return min(len(failures), 1)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--sizes",
        type=lambda text: sorted(int(it) for it in text.split(",") if it),
        default=[10_000, 100_000, 1_000_000],
        help="participants of each world, comma separated",
    )
    parser.add_argument(
        "--facilities",
        type=int,
        default=30_000,
        help="lines of the made list of facilities; 0: without them",
    )
    parser.add_argument(
        "--databases",
        type=lambda text: text.split(","),
        default=list(_NAMES),
        help="sqlite, postgresql or both, comma separated",
    )
    parser.add_argument("--rounds", type=int, default=100, help="how often each page is asked for")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="where worlds are kept")
    parser.add_argument("--postgresql", metavar="URL", help="a server to use")
    options = parser.parse_args()
    if unknown := set(options.databases) - set(_NAMES):
        parser.error(f"no such database: {', '.join(sorted(unknown))}")
    return options


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="jkn-growth-") as name:
        # PostgreSQL runs as another user, which must be able to reach its data.
        Path(name).chmod(0o711)
        yield Path(name)


def _measure(worlds: list[World], rounds: int) -> list[str]:
    """Print everything about one kind of database; returns what is wrong with it."""
    kind = worlds[0].kind
    with worlds[0].engine.connect() as connection:
        version = connection.scalar(text(_VERSIONS[kind]))
    print(f"\n{_NAMES[kind]} {version}, {rounds} rounds")
    for world in worlds:
        if world.grown_in is not None:
            clock, own = world.grown_in
            print(
                f"{world.participants:,} participants grown in {clock:.0f} s, {own:.0f} s of work"
            )
    app = create_app(worlds[0].settings)
    stopwatch = Stopwatch(app)
    visits = {f"{world.participants:,}": Visits(app, stopwatch, world) for world in worlds}
    plans: dict[str, Plans] = {}
    for world, (name, it) in zip(worlds, visits.items(), strict=True):
        large = large_tables(world.engine)
        plans[name] = {
            page: explained(world.engine, sent, large) for page, sent in it.sent().items()
        }
    with stopwatch.hashing_noted():
        take_turns({name: it.once for name, it in visits.items()}, rounds=rounds, warm_up=0)
    _print_times(visits, plans)
    _print_plans(plans)
    return [f"{_NAMES[kind]}: {failure}" for failure in _failures(plans)]


def _measure_facilities(kind: str, folder: Path, options: argparse.Namespace) -> list[str]:
    wanted = (kind, options.facilities, folder, options.postgresql)
    with facility_searches.with_facilities(*wanted) as engine:
        there = session.scalar(select(func.count()).select_from(Facility))
        session.remove()
        print(f"\n{_NAMES[kind]}, {there:,} facilities, {options.rounds} rounds")
        measured = facility_searches.measure(engine, options.rounds)
        facility_searches.print_all(measured)
    return [f"{_NAMES[kind]}: {it}" for it in facility_searches.failures(measured)]


def _print_times(visits: dict[str, Visits], plans: dict[str, Plans]) -> None:
    rows = []
    for page in PAGES:
        smallest: tuple[float, ...] = ()
        for name, it in visits.items():
            medians = tuple(percentile(times[page], 50) for times in (it.whole, it.without_hashing))
            smallest = smallest or medians
            ratios = [own / other for own, other in zip(medians, smallest, strict=True)]
            cells = [
                cell
                for median, ratio in zip(medians, ratios, strict=True)
                for cell in (milliseconds(median), f"{ratio:.2f}")
            ]
            mark = "" if max(ratios) <= GOAL else f"above {GOAL}"
            rows.append([page, name, len(plans[name][page]), *cells, mark])
    headings = ["page", "participants", "queries", "ms", "ratio", "ms without hashing", "ratio", ""]
    print_table(headings, rows)


def _print_plans(plans: dict[str, Plans]) -> None:
    """Print how the rows of each query are found: once, if it is the same way in every world."""
    for page in PAGES:
        print(f"\n{page}")
        seen: dict[tuple[int, Plan], list[str]] = {}
        for name, pages in plans.items():
            for number, plan in enumerate(pages[page], start=1):
                seen.setdefault((number, plan), []).append(name)
        for (number, plan), names in sorted(seen.items(), key=lambda it: it[0][0]):
            where = "" if len(names) == len(plans) else f" [{' and '.join(names)}]"
            mark = "✗" if plan.full_scans else "✓"
            how = "; ".join(plan.steps) or "nothing to find"
            print(f"  {mark} {number}. {plan.statement}: {how}{where}")


def _failures(plans: dict[str, Plans]) -> list[str]:
    first = next(iter(plans.values()))
    found = []
    for name, pages in plans.items():
        for page, queries in pages.items():
            found += [
                f"{page}, {name} participants: {table} is read whole ({plan.statement})"
                for plan in queries
                for table in plan.full_scans
            ]
            if len(queries) > len(first[page]):
                found.append(f"{page}, {name} participants: more queries than in a small world")
    return found


def _machine() -> str:
    cpu = platform.processor() or platform.machine()
    information = Path("/proc/cpuinfo")
    if information.exists():
        lines = information.read_text().splitlines()
        cpu = next((it.split(": ", 1)[1] for it in lines if it.startswith("model name")), cpu)
    load = " ".join(f"{it:.1f}" for it in os.getloadavg())
    return f"{os.cpu_count()} × {cpu}, Python {platform.python_version()}, load {load}"


if __name__ == "__main__":
    sys.exit(main())
