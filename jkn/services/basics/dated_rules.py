"""The insurance's rules as dated data: value, first day of validity and citation.

They live in `jkn/rules/*.csv`, under version control, so that a change of law is a change of
data with its source beside it, and reading one costs no query.
"""

import csv
import functools
from collections import defaultdict
from datetime import date
from enum import StrEnum
from pathlib import Path

_FOLDER = Path(__file__).resolve().parents[2] / "rules"


class Rule(StrEnum):
    """Every rule that the code asks for. The values of a rule are whole numbers."""

    ACCOUNT_YEARS_AT_LEAST = "account.years_at_least"
    CONTRIBUTION_DUE_DAY = "contribution.due_day"
    ARREARS_MONTHS_AT_MOST = "contribution.arrears_months_at_most"
    NEWBORN_MONTHS_TO_GET_A_NIK = "newborn.months_to_get_a_nik"


def value_on(rule: Rule, day: date) -> int:
    """The value in force on `day`. Raises LookupError before the rule's first day."""
    for valid_from, value in _history()[rule]:
        if valid_from <= day:
            return value
    raise LookupError(f"{rule} has no value on {day}")


def care_class_name(code: str) -> str:
    """The name of a care class (kelas rawat), also of one that no longer exists. Raises KeyError
    for an unknown code."""
    return _care_classes()[code]


@functools.cache
def _history() -> dict[str, list[tuple[date, int]]]:
    history: dict[str, list[tuple[date, int]]] = defaultdict(list)
    for row in _rows("rules.csv"):
        history[row["name"]].append((date.fromisoformat(row["valid_from"]), int(row["value"])))
    return {name: sorted(values, reverse=True) for name, values in history.items()}


@functools.cache
def _care_classes() -> dict[str, str]:
    return {row["code"]: row["name"] for row in _rows("care_classes.csv")}


def _rows(name: str) -> list[dict[str, str]]:
    with (_FOLDER / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))
