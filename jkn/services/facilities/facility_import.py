"""Brings an operator's list of facilities into the database (`flask facilities import`).

Known codes are updated, unknown ones added, and nothing is ever deleted: people may be registered
there. Whatever the list says, how many are enrolled stays as it is. It goes on in batches, each of
them a transaction; a list that stopped half-way is simply imported again.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from typing import Any, BinaryIO

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from jkn.database import session, transaction
from jkn.models import Facility, FacilityKind, FacilityWord
from jkn.services.basics import clock
from jkn.services.facilities.csv_records import Progress, Record, UnreadableFileError, records
from jkn.services.facilities.facility_lines import (
    FacilityLine,
    Header,
    Refused,
    folded_kinds,
    read_header,
    read_line,
)
from jkn.services.facilities.facility_words import word_rows

_BATCH = 500
# A list that lost more than this share of the facilities is rather a wrong file.
_MOST_CLOSED_PERCENT = 2
# What is not said of a facility that is new.
_UNSAID: dict[str, Any] = {
    "address": "",
    "phone": None,
    "capacity": None,
    "open_from": None,
    "open_until": None,
    "enrolled": 0,
}


class ImportedMeanwhileError(Exception):
    """Another import added the same facility at the same moment; its text says what to do."""


@dataclass(frozen=True)
class ImportOptions:
    """`columns`: the list's own headers by ours. `kinds`: what its words for kinds mean. `is_full`:
    the list has every facility, so all others are closed. `is_confirmed`: however many they are,
    and even if their lines may be among those that nobody can read."""

    columns: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, FacilityKind] = field(default_factory=dict)
    encoding: str = "utf-8"
    is_dry_run: bool = False
    is_full: bool = False
    is_confirmed: bool = False


@dataclass
class Outcome:
    """Numbers of lines, and in `closed` of facilities. `notes`: how often each was made.
    `without_code`: those of the refused lines that may be of any facility. `would_close`: how many
    closings were refused, because of such lines or because they `are_too_many`."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    without_code: int = 0
    closed: int = 0
    would_close: int = 0
    are_too_many: bool = False
    notes: Counter[str] = field(default_factory=Counter)


# What is told of a line: its number and a sentence.
Teller = Callable[[int, str], object]


def import_list(
    file: BinaryIO,
    options: ImportOptions,
    *,
    tell_refused: Teller,
    tell_note: Teller,
    progress: Progress = lambda _bytes: None,
) -> Outcome:
    """Import the list. `tell_refused` is called for each line that was skipped, `tell_note` for
    each thing that was mended or looks wrong. Raises UnreadableFileError, and then nothing was
    written. Raises ImportedMeanwhileError when another import was faster; what was written stays.
    """
    rows = records(file, options.encoding, progress)
    header = _header(rows, options)
    outcome, seen = Outcome(), dict[str, int]()

    def refuse(line: int, reason: str) -> None:
        outcome.refused += 1
        tell_refused(line, reason)

    lines = _good_lines(rows, header, options, seen, refuse, tell_note, outcome)
    while batch := list(islice(lines, _BATCH)):
        try:
            with transaction():
                _put(batch, options, outcome)
        except IntegrityError:
            raise ImportedMeanwhileError(
                "Another import adds the same facilities now. When it has ended, run this one again"
                " for the rest."
            ) from None
    if options.is_full:
        _close_others(seen, options, outcome)
    return outcome


def _header(rows: Iterator[Record], options: ImportOptions) -> Header:
    header = next(rows)
    if header.problem:
        raise UnreadableFileError(f"The header cannot be read: {header.problem}.")
    return read_header(header.cells, options.columns)


def _good_lines(
    rows: Iterable[Record],
    header: Header,
    options: ImportOptions,
    seen: dict[str, int],
    refuse: Teller,
    tell_note: Teller,
    outcome: Outcome,
) -> Iterator[FacilityLine]:
    kinds = folded_kinds(options.kinds)
    for row in rows:
        if row.problem:
            outcome.without_code += 1
            refuse(row.line, row.problem)
            continue
        read = read_line(header, row.cells, kinds)
        # A line that is refused still says that its facility is there.
        before = seen.setdefault(read.code, row.line) if read.code else row.line
        if isinstance(read, Refused):
            outcome.without_code += read.code is None
            refuse(row.line, read.reason)
        elif before != row.line:
            refuse(row.line, f"code: {read.code} is on line {before} already")
        else:
            for note in read.notes:
                outcome.notes[note] += 1
                tell_note(row.line, note)
            yield read


def _put(batch: Sequence[FacilityLine], options: ImportOptions, outcome: Outcome) -> None:
    codes = [it.code for it in batch]
    known = {
        it.code: it for it in session.scalars(select(Facility).where(Facility.code.in_(codes)))
    }
    new: list[dict[str, Any]] = []
    renamed: list[tuple[str, str]] = []
    for line in batch:
        facility = known.get(line.code)
        if facility is None:
            outcome.added += 1
            new.append(_UNSAID | line.values | {"code": line.code})
            renamed.append((line.code, line.values["name"]))
            continue
        changes = _changes(facility, line.values)
        outcome.changed += bool(changes)
        outcome.unchanged += not changes
        if "name" in changes:
            renamed.append((line.code, changes["name"]))
        if not options.is_dry_run:
            for name, value in changes.items():
                setattr(facility, name, value)
    if options.is_dry_run:
        return
    if new:
        # In one order, so that two imports at once never wait for each other.
        session.execute(insert(Facility), sorted(new, key=lambda it: str(it["code"])))
    _put_words(renamed)


def _changes(facility: Facility, values: Mapping[str, Any]) -> dict[str, Any]:
    changes = {name: it for name, it in values.items() if getattr(facility, name) != it}
    until = facility.open_until
    if "open_until" not in values and until is not None and until < clock.today():
        # It was closed because a list did not have it; this one has it again.
        changes["open_until"] = None
    return changes


def _put_words(named: Sequence[tuple[str, str]]) -> None:
    session.execute(
        delete(FacilityWord).where(FacilityWord.facility_code.in_([code for code, _ in named]))
    )
    words = [it for code, name in named for it in word_rows(code, name)]
    if words:
        session.execute(insert(FacilityWord), words)


def _close_others(seen: Mapping[str, int], options: ImportOptions, outcome: Outcome) -> None:
    today = clock.today()
    with transaction():
        is_open = (Facility.open_until.is_(None)) | (Facility.open_until >= today)
        codes = session.scalars(select(Facility.code).where(is_open)).all()
        missing = [it for it in codes if it not in seen]
        outcome.are_too_many = len(missing) * 100 > _MOST_CLOSED_PERCENT * len(codes)
        if (outcome.are_too_many or outcome.without_code) and not options.is_confirmed:
            outcome.would_close = len(missing)
            return
        outcome.closed = len(missing)
        if options.is_dry_run:
            return
        yesterday = today - timedelta(days=1)
        for start in range(0, len(missing), _BATCH):
            some = missing[start : start + _BATCH]
            session.execute(
                update(Facility).where(Facility.code.in_(some)).values(open_until=yesterday)
            )
