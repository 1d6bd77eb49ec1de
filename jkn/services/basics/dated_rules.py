"""The insurance's rules as dated data: value, first day of validity and citation.

They live in `jkn/rules/*.csv`, under version control, so that a change of law is a change of
data with its source beside it, and reading one costs no query. They are read and checked when the
app, the worker or a command starts (`rule_files`).
"""

import functools
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TypeVar

from jkn.models import FacilityKind, ParticipantKind
from jkn.services.basics import clock
from jkn.services.basics.rule_book import (
    PRICED_KINDS,
    AutodebitChannel,
    CareClass,
    Dated,
    FacilityRole,
    Price,
    RuleBook,
    VaPrefix,
)
from jkn.services.basics.rule_catalogue import Rule
from jkn.services.basics.rule_files import read_rules
from jkn.services.basics.runtime import part
from jkn.settings import Settings

V = TypeVar("V")


@part
def rule_book(settings: Settings) -> RuleBook:
    """The rules of `JKN_RULES_DIR`. Raises UnusableRules when they cannot be true."""
    return _read_once(settings.rules_dir, clock.today())


def value_on(rule: Rule, day: date) -> int:
    """The value in force on `day`, in the rule's unit. Raises LookupError before the rule's first
    day."""
    return _in_force(rule_book().rules[rule], day, rule)


def is_so_on(rule: Rule, day: date) -> bool:
    """The answer in force on `day` of a rule that is a yes or a no. Raises LookupError before the
    rule's first day."""
    return value_on(rule, day) == 1


def care_class_on(code: str, day: date) -> CareClass:
    """The care class (kelas rawat) of people who were recorded in class `code`: that class, or the
    one that has replaced it by `day`. Raises LookupError for an unknown code, and before the
    class's first day."""
    return rule_book().care_class_on(code, day)


def care_classes_on(day: date) -> tuple[CareClass, ...]:
    """The classes that exist on `day`, in the order of their file."""
    held = _held(rule_book().care_classes.values(), day)
    return tuple(it for it in held if isinstance(it, CareClass))


def price_on(care_class: str, kind: ParticipantKind, day: date) -> Price | None:
    """What a participant of this kind, recorded in class `care_class`, costs for the month of
    `day`. None for kinds that do not pay a price a person. Raises LookupError where
    `care_class_on` does, and before the first price."""
    if kind not in PRICED_KINDS:
        return None
    code = care_class_on(care_class, day).code
    return _in_force(rule_book().prices[code, kind], day, f"the price of class {code}")


def va_prefixes_on(day: date) -> tuple[VaPrefix, ...]:
    """The banks where a Virtual Account may be paid on `day`, and how its number begins there."""
    return tuple(it for it in _held(rule_book().va_prefixes.values(), day) if it)


def autodebit_channels_on(day: date) -> tuple[AutodebitChannel, ...]:
    """Who may be asked on `day` to debit contributions."""
    return tuple(it for it in _held(rule_book().autodebit_channels.values(), day) if it)


def debit_days_on(day: date) -> tuple[int, int]:
    """The days of the month among which people choose for autodebit."""
    return value_on(Rule.EARLY_DEBIT_DAY, day), value_on(Rule.LATE_DEBIT_DAY, day)


def facility_role_on(kind: FacilityKind, day: date) -> FacilityRole:
    """As what a facility of this kind may be chosen on `day`. Raises LookupError before its first
    day."""
    return _in_force(rule_book().facility_kinds[kind], day, kind)


def facility_kinds_on(role: FacilityRole, day: date) -> frozenset[FacilityKind]:
    """The kinds that may be chosen as this on `day`."""
    return frozenset(it for it in FacilityKind if facility_role_on(it, day) is role)


@functools.cache
def _read_once(folder: Path, today: date) -> RuleBook:
    return read_rules(folder, today)


def _in_force(history: Dated[V], day: date, what: object) -> V:
    entry = history.entry_on(day)
    if entry is None:
        raise LookupError(f"{what} has no value on {day}")
    return entry.value


def _held(histories: Iterable[Dated[V]], day: date) -> list[V]:
    return [entry.value for it in histories if (entry := it.entry_on(day))]
