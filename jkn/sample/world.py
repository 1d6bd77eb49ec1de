"""Reads the sample world's CSV files, with their relative dates counted from a given day."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from jkn.sample.dates import resolve

_FOLDER = Path(__file__).resolve().parent
_BIRTH_DATE_IN_NIK = "DDMMYY"

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Person:
    """A participant, somebody in the registry, or both. `nik`, `card_number`: None where there is
    none. `phone`: the one on the membership record, None where there is none."""

    name: str
    birth_date: date
    nik: str | None
    card_number: str | None
    phone: str | None


def rows(table: str) -> Iterator[Row]:
    """The rows of one file, as text."""
    with (_FOLDER / f"{table}.csv").open(newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def day(text: str, today: date) -> date | None:
    """The date that a cell means; None for an empty cell."""
    return resolve(text, today) if text else None


def nik_of(row: Row, today: date) -> str | None:
    """The NIK of a row; None where it has none. In the NIK of a person whose birth date is relative
    to today, the date is a placeholder, which is filled in. In a woman's, the day of birth is
    raised by 40 (PP 37/2007 art. 37)."""
    if not row["nik"]:
        return None
    birth_date = resolve(row["birth_date"], today)
    day_in_nik = birth_date.day + (40 if row["sex"] == "F" else 0)
    return row["nik"].replace(_BIRTH_DATE_IN_NIK, f"{day_in_nik:02}{birth_date:%m%y}")


def people(today: date) -> dict[str, Person]:
    """Everybody, by the NIK as the files write it, or by the card number of people without a NIK.

    Where both know a person, the participant's data are taken, which may differ.
    """
    found = {}
    for table in ("registry", "participants"):
        for row in rows(table):
            found[row["nik"] or row["card_number"]] = Person(
                name=row["name"],
                birth_date=resolve(row["birth_date"], today),
                nik=nik_of(row, today),
                card_number=row.get("card_number"),
                phone=row.get("phone") or None,
            )
    return found
