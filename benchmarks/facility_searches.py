"""Searches for facilities in a database that holds as many as the country, from the made list."""

import io
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, func, select, text

from benchmarks.made_facilities import write
from benchmarks.measure import milliseconds, percentile, print_table
from benchmarks.plans import Plan, explained, large_tables, noted
from benchmarks.worlds import urls_of
from jkn import database_version
from jkn.database import connect, session
from jkn.models import Facility, FacilityKind
from jkn.services.basics import clock, runtime
from jkn.services.basics.points import Point
from jkn.services.facilities.facility_import import ImportOptions, import_list
from jkn.services.facilities.search import Wanted, facility_with, middle_of, search
from tests.support.world.connected import close_session, settings_for

GOAL_MS = 20
_CITY, _VILLAGE, _FAR = (middle_of(it) for it in ("31.74", "33.01.05", "95.02"))
# Between Java and Borneo, and as far from land as a position is taken.
_STRAIT, _OCEAN = Point(-4.0, 109.0), Point(-9.5, 104.0)
_HOSPITALS = frozenset((FacilityKind.HOSPITAL,))
_PHARMACIES = frozenset((FacilityKind.PHARMACY,))
_CLINICS = frozenset((FacilityKind.PRIMARY_CLINIC, FacilityKind.SPECIALIST_CLINIC))
# No list has one.
_NOWHERE = frozenset((FacilityKind.PRIMARY_HOSPITAL,))


def _found(wanted: Wanted, limit: int = 10, skip: int = 0) -> Callable[[], object]:
    return lambda: search(wanted, clock.today(), limit=limit, skip=skip)


SEARCHES: dict[str, Callable[[], object]] = {
    "nearest 5, Jakarta": _found(Wanted(near=_CITY), 5),
    "nearest 10, Jakarta": _found(Wanted(near=_CITY)),
    "nearest 10, the twentieth page": _found(Wanted(near=_CITY), skip=190),
    "nearest 10, a village of Java": _found(Wanted(near=_VILLAGE)),
    "nearest 10, the mountains of Papua": _found(Wanted(near=_FAR)),
    "nearest 10, the Java Sea": _found(Wanted(near=_STRAIT)),
    "nearest 10, the Indian Ocean": _found(Wanted(near=_OCEAN)),
    "nearest pharmacies, the Indian Ocean": _found(Wanted(near=_OCEAN, kinds=_PHARMACIES)),
    "nearest hospitals, Papua": _found(Wanted(near=_FAR, kinds=_HOSPITALS)),
    "a kind that exists nowhere": _found(Wanted(near=_CITY, kinds=_NOWHERE)),
    "part of a name": _found(Wanted("sukma")),
    "part of a name, a clinic": _found(Wanted("sukma", kinds=_CLINICS)),
    "part of a name, nearest": _found(Wanted("sukma", near=_CITY)),
    "two parts of a name": _found(Wanted("kota tengah")),
    "a word of two thousand names": _found(Wanted("melati")),
    "the same, nearest": _found(Wanted("melati", near=_CITY)),
    "a word of two thousand names, a clinic": _found(Wanted("melati", kinds=_CLINICS)),
    "three letters of four thousand names": _found(Wanted("ang")),
    "the same in a regency": _found(Wanted("ang", region_code="32.04")),
    "the same in a province": _found(Wanted("ang", region_code="35")),
    "two words that many names have": _found(Wanted("ang per")),
    "a name that nobody has": _found(Wanted("zzz")),
    "a regency": _found(Wanted(region_code="32.04")),
    "a regency, nearest": _found(Wanted(region_code="32.04", near=_CITY)),
    "a province": _found(Wanted(region_code="35")),
    "one facility": lambda: facility_with("00000000"),
}


@dataclass(frozen=True)
class Measured:
    """`milliseconds`: of each round, the rows made into objects. `plans`: one a query."""

    name: str
    milliseconds: list[float]
    plans: list[Plan]


@contextmanager
def with_facilities(
    kind: str, lines: int, folder: Path, postgresql: str | None
) -> Iterator[Engine]:
    """A database with the facilities of so many made lines and no people, which is kept in the
    folder. `postgresql`: the address of a server to use; None: one is started."""
    with urls_of(kind, [f"facilities_{lines}"], folder, postgresql) as (url,):
        settings = settings_for(url, folder / "assets", {"log_level": "error"})
        engine = connect(settings)
        runtime.bind(settings)
        database_version.migrate(engine)
        if session.scalar(select(func.count()).select_from(Facility)) == 0:
            _import(lines)
        session.remove()
        if kind == "postgresql":
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM ANALYZE"))
        try:
            yield engine
        finally:
            close_session()
            engine.dispose()


def _import(lines: int) -> None:
    text_of_list = io.StringIO()
    write(lines, text_of_list)
    file = io.BytesIO(text_of_list.getvalue().encode())

    def keep_quiet(_line: int, _sentence: str) -> None: ...

    import_list(file, ImportOptions(), tell_refused=keep_quiet, tell_note=keep_quiet)


def measure(engine: Engine, rounds: int) -> list[Measured]:
    """Every search so many times, and the plans of its queries."""
    large = large_tables(engine)
    found = []
    for name, ask in SEARCHES.items():
        with noted(engine) as sent:
            ask()
        session.rollback()
        times = []
        for _ in range(rounds):
            begun = time.perf_counter()
            ask()
            times.append((time.perf_counter() - begun) * 1000)
            # A search of its own, as in a request: nothing is remembered.
            session.remove()
        found.append(Measured(name, times, explained(engine, sent, large)))
    return found


def print_all(measured: list[Measured]) -> None:
    """Print times and plans."""
    rows = []
    for it in measured:
        median, late = (percentile(it.milliseconds, share) for share in (50, 95))
        mark = "" if median <= GOAL_MS else f"above {GOAL_MS}"
        cells = (milliseconds(time / 1000) for time in (median, late))
        rows.append([it.name, len(it.plans), *cells, mark])
    print_table(["search", "queries", "ms", "ms p95", ""], rows)
    print()
    for it in measured:
        for plan in dict.fromkeys(it.plans):
            mark = "✗" if plan.full_scans else "✓"
            print(f"  {mark} {it.name}: {'; '.join(plan.steps)}")


def failures(measured: list[Measured]) -> list[str]:
    """Large tables that are read whole."""
    return [
        f"{it.name}: {table} is read whole"
        for it in measured
        for plan in it.plans
        for table in plan.full_scans
    ]
