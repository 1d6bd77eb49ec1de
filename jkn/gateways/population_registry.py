"""The population registry (Dukcapil): who lives in the country, and in which family.

This file holds the interface and the embedded registry; `population_registry_http` speaks to the
real one.
"""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from sqlalchemy import ColumnElement, select

from jkn.database import blind_index, session
from jkn.models import RegistryPerson


@dataclass(frozen=True, repr=False)
class Resident:
    """A person as the registry has them; no log and no traceback shows it. `sex` is "M" or "F".
    `relationship_code` is STAT_HBKEL: 1 head, 2 husband, 3 wife, 4 child … 11 other.
    `village_code` is written like "32.76.05.1004"."""

    nik: str
    family_card_number: str
    name: str
    birth_place: str
    birth_date: date
    sex: str
    relationship_code: int
    mother_name: str
    street: str
    rt: str
    rw: str
    village_code: str
    postal_code: str
    is_deceased: bool


class Away(Exception):
    """The registry gave no answer, or none that can be used: nobody knows whether it has the
    person. `problem`: why, in words from this code, since those of the other side may hold
    anything."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


class PopulationRegistry(Protocol):
    """Looks people up; it keeps nothing."""

    def person(self, nik: str) -> Resident | None:
        """The person with this NIK; None: there is no such NIK. Raises Away."""

    def family(self, family_card_number: str) -> list[Resident]:
        """Everybody on this family card; empty: there is no such card. Raises Away."""


class EmbeddedRegistry:
    """The table that the sample world fills, so that one machine is enough."""

    def person(self, nik: str) -> Resident | None:
        """The person with this NIK; None: there is no such NIK. Never raises Away."""
        index = blind_index("registry_people.nik", nik)
        return next(iter(_found(RegistryPerson.nik_index.in_(index))), None)

    def family(self, family_card_number: str) -> list[Resident]:
        """Everybody on this family card, in the order of the table. Never raises Away."""
        index = blind_index("registry_people.family_card_number", family_card_number)
        return _found(RegistryPerson.family_card_number_index.in_(index))


def _found(condition: ColumnElement[bool]) -> list[Resident]:
    rows = session.scalars(select(RegistryPerson).where(condition).order_by(RegistryPerson.id))
    return [_resident(it) for it in rows]


def _resident(row: RegistryPerson) -> Resident:
    return Resident(
        nik=row.nik,
        family_card_number=row.family_card_number,
        name=row.name,
        birth_place=row.birth_place,
        birth_date=row.birth_date,
        sex=row.sex,
        relationship_code=row.relationship_code,
        mother_name=row.mother_name,
        street=row.street,
        rt=row.rt,
        rw=row.rw,
        village_code=row.village_code,
        postal_code=row.postal_code,
        is_deceased=row.died_on is not None,
    )
