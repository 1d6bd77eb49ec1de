"""Reads the rules from their files, and tells everything in them that cannot be true.

Nothing is mended and nothing guessed: somebody would pay too much by it. All faults are told at
once, each with its file and line, so that one correction is enough.
"""

import csv
import difflib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

from jkn.models import FacilityKind, ParticipantKind
from jkn.services.basics.rule_book import (
    PRICED_KINDS,
    AutodebitChannel,
    CareClass,
    ChannelGroup,
    Dated,
    Entry,
    FacilityRole,
    Price,
    Retired,
    RuleBook,
    VaPrefix,
)
from jkn.services.basics.rule_catalogue import Rule
from jkn.services.basics.rule_checks import check

# The insurance began on the first of these days. The other is for years that were mistyped.
_FIRST_DAY, _LAST_DAY = date(2014, 1, 1), date(2099, 12, 31)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NUMBER = re.compile(r"0|[1-9]\d{0,11}", re.ASCII)
_CODE = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")
_PREFIX = re.compile(r"\d{4,8}", re.ASCII)
_MOST_RUPIAH = 10_000_000
_LONGEST_NAME = 60
# Stands for a value where the line ends what held before.
_ENDED = "-"

K = TypeVar("K")
V = TypeVar("V")
E = TypeVar("E", bound=StrEnum)


class UnusableRules(Exception):
    """Rules that cannot be true. `problems`: all that is wrong, each with its file and line."""

    def __init__(self, folder: Path, problems: list[str]) -> None:
        lines = "\n".join(f"  - {line}" for line in problems)
        super().__init__(f"Rules that cannot be true, in {folder}:\n{lines}")
        self.problems = problems


def read_rules(folder: Path, today: date) -> RuleBook:
    """The rules in `folder`. Raises UnusableRules when anything in them cannot be true, or when
    something that the app asks for has no value `today`."""
    if not folder.is_dir():
        raise UnusableRules(folder, ["the folder is missing"])
    problems: list[str] = []
    known = {it.file for it in (_RULES, _CLASSES, _PRICES, _PREFIXES, _CHANNELS, _KINDS)}
    for path in sorted(folder.glob("*.csv")):
        if path.name not in known:
            problems.append(f"{path.name}: no rules are read from a file of this name")
    book = RuleBook(
        rules=_RULES.histories(folder, problems),
        care_classes=_CLASSES.histories(folder, problems),
        prices=_PRICES.histories(folder, problems),
        va_prefixes=_PREFIXES.histories(folder, problems),
        autodebit_channels=_CHANNELS.histories(folder, problems),
        facility_kinds=_KINDS.histories(folder, problems),
    )
    # A line that cannot be read would be missed here once more.
    problems = problems or list(check(book, today))
    if problems:
        raise UnusableRules(folder, problems)
    return book


class _Row(NamedTuple):
    where: str
    cells: dict[str, str]


class _Cells:
    """The cells of a line, read one by one. What cannot be read is told, and something else is
    returned in its stead: a line with a problem is not used."""

    def __init__(self, cells: dict[str, str]) -> None:
        self._cells = cells
        self.problems: list[str] = []

    def tell(self, problem: str) -> None:
        """Note what is wrong with this line."""
        self.problems.append(problem)

    def is_empty(self, column: str) -> bool:
        """Whether nothing stands there."""
        return not self._cells[column]

    def is_ended(self, column: str) -> bool:
        """Whether the line ends what held before."""
        return self._cells[column] == _ENDED

    def text(self, column: str) -> str:
        """Any words, but some."""
        text = self._cells[column]
        if not text:
            self.tell(f"{column} is missing")
        elif text != text.strip() or not text.isprintable():
            self.tell(f"{column} has a space or an invisible character too many: {text!r}")
        return text

    def name(self, column: str) -> str:
        """What people read on a page."""
        name = self.text(column)
        if len(name) > _LONGEST_NAME:
            self.tell(f"{column} is longer than {_LONGEST_NAME} letters")
        return name

    def code(self, column: str) -> str:
        """What rows of the database keep: small letters, digits, and _ between them."""
        return self._matching(column, _CODE, "must be of a-z, 0-9 and _")

    def prefix(self, column: str) -> str:
        """The first digits of a Virtual Account."""
        return self._matching(column, _PREFIX, "must be 4 to 8 digits")

    def number(self, column: str, least: int, greatest: int) -> int:
        """A whole number, as money and months are."""
        must = f"must be a whole number from {least} to {greatest}"
        number = int(self._matching(column, _NUMBER, must) or least)
        if not least <= number <= greatest:
            self.tell(f"{column} {must}, and is {number}")
        return number

    def day(self, column: str) -> date:
        """A day as 2026-05-01."""
        text = self._matching(column, _DAY, "must look like 2026-05-01")
        try:
            day = date.fromisoformat(text) if text else _FIRST_DAY
        except ValueError:
            self.tell(f"{column} is no day of the calendar: {text}")
            return _FIRST_DAY
        if not _FIRST_DAY <= day <= _LAST_DAY:
            self.tell(f"{column} must lie between {_FIRST_DAY} and {_LAST_DAY}, and is {day}")
        return day

    def one_of(self, column: str, kinds: type[E], none: str) -> E:
        """The one of `kinds` that is named there; `none` says of another that there is none."""
        named = {str(it): it for it in kinds}
        return named[self.known(column, list(named), none)]

    def known(self, column: str, names: list[str], none: str) -> str:
        """One of these names; `none` says of another that there is none."""
        name = self.text(column)
        if name in names:
            return name
        if name:
            near = difflib.get_close_matches(name, names, 1)
            hint = f"perhaps {near[0]}" if near else f"there are {', '.join(names)}"
            self.tell(f'there is {none} "{name}"; {hint}')
        return names[0]

    def _matching(self, column: str, pattern: re.Pattern[str], must: str) -> str:
        """The text, or none when it is told to be wrong."""
        before = len(self.problems)
        text = self.text(column)
        if len(self.problems) == before and not pattern.fullmatch(text):
            self.tell(f"{column} {must}, and is {text!r}")
        return text if len(self.problems) == before else ""


@dataclass(frozen=True)
class _Table(Generic[K, V]):
    """A file, its columns beside first day and citation, and how a line of it is read."""

    file: str
    columns: tuple[str, ...]
    read: Callable[[_Cells], tuple[K, V]]

    def histories(self, folder: Path, problems: list[str]) -> dict[K, Dated[V]]:
        """What each line says, by what it is about. Adds to `problems`."""
        found: dict[K, list[Entry[V]]] = {}
        try:
            for row in self._rows(folder / self.file, problems):
                cells = _Cells(row.cells)
                key, value = self.read(cells)
                entry = Entry(cells.day("valid_from"), value, cells.text("citation"), row.where)
                problems += [f"{row.where}: {it}" for it in cells.problems]
                if cells.problems:
                    continue
                lines = found.setdefault(key, [])
                for other in lines:
                    if other.day == entry.day:
                        problems.append(
                            f"{row.where}: {other.where} says already what holds from {entry.day}"
                        )
                lines.append(entry)
        except FileNotFoundError:
            problems.append(f"{self.file}: the file is missing")
        except OSError as error:
            problems.append(f"{self.file}: {error.strerror}")
        except UnicodeDecodeError:
            problems.append(f"{self.file}: the file is not UTF-8")
        return {key: Dated(lines) for key, lines in found.items()}

    def _rows(self, path: Path, problems: list[str]) -> Iterator[_Row]:
        """The lines with the right number of cells, empty ones left out."""
        columns = (*self.columns, "valid_from", "citation")
        # A spreadsheet puts a mark (BOM) before the first word.
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.reader(file, strict=True)
            try:
                if (head := tuple(next(reader, ()))) != columns:
                    problems.append(
                        f"{self.file}:1: the columns must be {','.join(columns)},"
                        f" and are {','.join(head) or 'missing'}"
                    )
                    return
                for cells in reader:
                    where = f"{self.file}:{reader.line_num}"
                    if len(cells) == len(columns):
                        yield _Row(where, dict(zip(columns, cells, strict=True)))
                    elif cells:
                        problems.append(
                            f"{where}: has {len(cells)} cells instead of {len(columns)};"
                            " a cell with a comma needs quotes"
                        )
            except csv.Error as error:
                problems.append(f"{self.file}:{reader.line_num}: cannot be read: {error}")


def _read_rule(cells: _Cells) -> tuple[Rule, int]:
    rule = cells.one_of("name", Rule, "no rule")
    # An unknown rule has no bounds.
    is_known = not cells.problems
    return rule, cells.number("value", rule.unit.least, rule.unit.greatest) if is_known else 0


def _read_class(cells: _Cells) -> tuple[str, CareClass | Retired]:
    code = cells.code("care_class")
    if cells.is_empty("name") == cells.is_empty("replaced_by"):
        cells.tell("either name or replaced_by must be given")
        return code, CareClass(code, "")
    if cells.is_empty("name"):
        return code, Retired(cells.code("replaced_by"))
    return code, CareClass(code, cells.name("name"))


def _read_price(cells: _Cells) -> tuple[tuple[str, ParticipantKind], Price]:
    code, kind = cells.code("care_class"), cells.one_of("kind", ParticipantKind, "no kind")
    if kind not in PRICED_KINDS and not cells.problems:
        cells.tell(f"{kind} pays no price a person, only {' and '.join(PRICED_KINDS)} do")
    price = Price(cells.number("paid", 0, _MOST_RUPIAH), cells.number("subsidy", 0, _MOST_RUPIAH))
    if price.total == 0 and not cells.problems:
        cells.tell("nobody pays anything")
    return (code, kind), price


def _read_prefix(cells: _Cells) -> tuple[str, VaPrefix | None]:
    bank, name = cells.code("bank"), cells.name("name")
    if cells.is_ended("prefix"):
        return bank, None
    return bank, VaPrefix(bank, name, cells.prefix("prefix"))


def _read_channel(cells: _Cells) -> tuple[str, AutodebitChannel | None]:
    code, name = cells.code("channel"), cells.name("name")
    if cells.is_ended("group"):
        return code, None
    return code, AutodebitChannel(code, name, cells.one_of("group", ChannelGroup, "no group"))


def _read_kind(cells: _Cells) -> tuple[FacilityKind, FacilityRole]:
    kind = cells.one_of("kind", FacilityKind, "no kind of facility")
    return kind, cells.one_of("chosen_as", FacilityRole, "no such choice as")


_RULES = _Table("rules.csv", ("name", "value"), _read_rule)
_CLASSES = _Table("care_classes.csv", ("care_class", "name", "replaced_by"), _read_class)
_PRICES = _Table("prices.csv", ("care_class", "kind", "paid", "subsidy"), _read_price)
_PREFIXES = _Table("va_prefixes.csv", ("bank", "name", "prefix"), _read_prefix)
_CHANNELS = _Table("autodebit_channels.csv", ("channel", "name", "group"), _read_channel)
_KINDS = _Table("facility_kinds.csv", ("kind", "chosen_as"), _read_kind)
