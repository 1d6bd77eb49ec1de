"""All rules of the insurance with their histories, as `rule_files` reads them.

A line says what holds from its first day on, until the first day of the next line of the same
thing. So nothing is ever changed or taken away: what ends gets a line that says so.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar

from jkn.models import FacilityKind, ParticipantKind
from jkn.services.basics.rule_catalogue import Rule

V_co = TypeVar("V_co", covariant=True)

# Who pays a price a person and month (Perpres 64/2020 pasal 34). Of all others the contribution is
# a share of wages or a pension, or the state's.
PRICED_KINDS = (ParticipantKind.SELF_EMPLOYED, ParticipantKind.NON_WORKER)


@dataclass(frozen=True)
class Entry(Generic[V_co]):
    """One line. `value`: None where the line ends what held before. `where`: file and line."""

    day: date
    value: V_co
    citation: str
    where: str


class Dated(Generic[V_co]):
    """The lines of one thing, of which exactly one holds on each day from the first one on."""

    def __init__(self, entries: list[Entry[V_co]]) -> None:
        self.entries = tuple(sorted(entries, key=lambda it: it.day))
        self._days = [it.day for it in self.entries]

    @property
    def first_day(self) -> date:
        """The first day on which anything is said."""
        return self._days[0]

    def entry_on(self, day: date) -> Entry[V_co] | None:
        """The line in force on `day`; None before the first one."""
        place = bisect_right(self._days, day)
        return self.entries[place - 1] if place else None


@dataclass(frozen=True)
class CareClass:
    """A class of rooms in hospital (kelas rawat), by the code that rows keep and its name."""

    code: str
    name: str


@dataclass(frozen=True)
class Retired:
    """A class that exists no longer. `replaced_by`: the code of the class that its people are in
    since then."""

    replaced_by: str


@dataclass(frozen=True)
class Price:
    """What one person costs a month, in rupiah. `paid`: what the person pays. `subsidy`: what the
    state adds, for months of suspension only if `Rule.SUBSIDY_WHILE_SUSPENDED` says so."""

    paid: int
    subsidy: int

    @property
    def total(self) -> int:
        """What is contributed for the person, whoever pays it."""
        return self.paid + self.subsidy


@dataclass(frozen=True)
class VaPrefix:
    """How a bank's Virtual Account numbers begin; the rest comes from the card number."""

    bank: str
    name: str
    prefix: str


class ChannelGroup(StrEnum):
    """The two kinds of autodebit, *Perbankan* and *Non Perbankan*."""

    BANK = "bank"
    NON_BANK = "non_bank"


@dataclass(frozen=True)
class AutodebitChannel:
    """Who may be asked to debit a contribution each month."""

    code: str
    name: str
    group: ChannelGroup


class FacilityRole(StrEnum):
    """As what a kind of facility may be chosen."""

    PRIMARY = "primary"
    DENTAL = "dental"
    NONE = "none"


@dataclass(frozen=True)
class RuleBook:
    """Whatever is not found in these tables does not exist."""

    rules: Mapping[Rule, Dated[int]]
    care_classes: Mapping[str, Dated[CareClass | Retired]]
    prices: Mapping[tuple[str, ParticipantKind], Dated[Price]]
    va_prefixes: Mapping[str, Dated[VaPrefix | None]]
    autodebit_channels: Mapping[str, Dated[AutodebitChannel | None]]
    facility_kinds: Mapping[FacilityKind, Dated[FacilityRole]]

    def tables(self) -> Iterator[tuple[str, Mapping[str, Dated[object]]]]:
        """Each table with a title, and what each of its keys stands for as text."""
        prices = {f"{code} {kind}": it for (code, kind), it in self.prices.items()}
        yield "Rules", {str(rule): it for rule, it in self.rules.items()}
        yield "Care classes", self.care_classes
        yield "Price a person and month", prices
        yield "Virtual Accounts", self.va_prefixes
        yield "Autodebit", self.autodebit_channels
        yield "Facilities", {str(kind): it for kind, it in self.facility_kinds.items()}

    def care_class_on(self, code: str, day: date) -> CareClass:
        """The class that people of class `code` are in on `day`. Raises LookupError when there is
        none."""
        passed: list[str] = []
        while code not in passed:
            passed.append(code)
            history = self.care_classes.get(code)
            entry = history.entry_on(day) if history else None
            if entry is None:
                break
            if isinstance(entry.value, CareClass):
                return entry.value
            code = entry.value.replaced_by
        raise LookupError(f"no class stands for {' → '.join(passed)} on {day}")
