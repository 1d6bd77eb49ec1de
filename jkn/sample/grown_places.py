"""Where grown people live, and which facilities are there: real districts, invented facilities.

`grown_regencies.csv` lists cities in every province, with a point in their middle and some of their
districts. Never change the list: numbers of people that exist depend on its length.
"""

import csv
import functools
import re
from dataclasses import dataclass
from pathlib import Path

from jkn.models import FacilityKind
from jkn.sample.bulk import Values
from jkn.sample.grown_names import person_name
from jkn.sample.seeded_random import SeededRandom
from jkn.services.basics.region_list import parts, region

_FILE = Path(__file__).with_name("grown_regencies.csv")
# How many families in a row live in one district, before the next ones live in another.
_NEIGHBOURS = 40
# Shares no factor with the number of districts, so that each gets its turn, and districts that
# follow each other are far apart.
_STRIDE = 197
# About three kilometres: how far a facility may be from the middle of its regency.
_DEGREES_AROUND = 0.03
_LETTERS = {
    FacilityKind.PUSKESMAS: "P",
    FacilityKind.PRIMARY_CLINIC: "B",
    FacilityKind.DOCTOR: "U",
    FacilityKind.DENTIST: "G",
    FacilityKind.HOSPITAL: "R",
}
_CAPACITIES = {
    FacilityKind.PUSKESMAS: 24_000,
    FacilityKind.PRIMARY_CLINIC: 9_000,
    FacilityKind.DOCTOR: 4_000,
    FacilityKind.DENTIST: 10_000,
    FacilityKind.HOSPITAL: 0,
}
_KIND_OF_REGENCY = re.compile("^(Kota Administrasi|Kota|Kabupaten) ")
_STREETS = (
    "Jl. Anggrek", "Jl. Cempaka", "Jl. Dahlia", "Jl. Flamboyan", "Gg. Kenanga", "Jl. Mawar",
    "Jl. Melur", "Gg. Nangka", "Jl. Rambutan", "Jl. Seruni", "Jl. Teratai", "Dusun Sukarame",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """A district. `villages` are codes with their postal codes; latitude and longitude are those
    of a point in the middle of the regency."""

    district_code: str
    district: str
    regency: str
    villages: tuple[tuple[str, str], ...]
    latitude: float
    longitude: float

    @property
    def digits(self) -> str:
        """The six digits that numbers issued here begin with."""
        return self.district_code.replace(".", "")

    @property
    def city(self) -> str:
        """The regency's name as people say it, without its kind."""
        return _KIND_OF_REGENCY.sub("", self.regency)

    def facility_code(self, kind: FacilityKind) -> str:
        """The code of the district's facility of this kind; it has one of each."""
        return f"{self.digits[:4]}{_LETTERS[kind]}{self.digits[4:]:0>3}"


def place_of(family: int) -> tuple[Place, int, bool]:
    """Where a family lives, how many families live in that district before it, and whether it is
    the first there, so that the district's facilities have to be added."""
    block, neighbour = divmod(family, _NEIGHBOURS)
    districts = _districts()
    turn, which = divmod(block, len(districts))
    before = turn * _NEIGHBOURS + neighbour
    return _place(which * _STRIDE % len(districts)), before, before == 0


def street(rng: SeededRandom) -> str:
    """A street and a house number."""
    return f"{rng.pick(_STREETS)} No. {rng.between(1, 120)}"


def facilities_in(place: Place) -> list[Values]:
    """One facility of each kind that people know best, as rows."""
    rng = SeededRandom(place.district_code)
    return [_facility(kind, place, rng) for kind in _LETTERS]


def _facility(kind: FacilityKind, place: Place, rng: SeededRandom) -> Values:
    names = {
        FacilityKind.PUSKESMAS: f"Puskesmas {place.district}",
        FacilityKind.PRIMARY_CLINIC: f"Klinik Pratama {place.district}",
        FacilityKind.DOCTOR: f"dr. {person_name(rng, 'F')}",
        FacilityKind.DENTIST: f"drg. {person_name(rng, 'M')}",
        FacilityKind.HOSPITAL: f"RS {place.district} Sentosa",
    }
    capacity = _CAPACITIES[kind]
    # About one in eight is full.
    enrolled = capacity * min(rng.between(40, 108), 100) // 100
    return {
        "code": place.facility_code(kind),
        "kind": kind,
        "name": names[kind],
        "address": f"{street(rng)}, {place.district}",
        "phone": None,
        "regency_code": place.district_code[:5],
        "district_code": place.district_code,
        "latitude": round(place.latitude + rng.uniform(-1, 1) * _DEGREES_AROUND, 5),
        "longitude": round(place.longitude + rng.uniform(-1, 1) * _DEGREES_AROUND, 5),
        "is_point_exact": True,
        "capacity": capacity,
        "enrolled": enrolled,
        "open_from": None,
        "open_until": None,
    }


@functools.cache
def _districts() -> list[tuple[str, float, float]]:
    """Each district's code and a point in the middle of its regency."""
    with _FILE.open(newline="", encoding="utf-8") as file:
        return [
            (f"{row['regency_code']}.{district}", float(row["latitude"]), float(row["longitude"]))
            for row in csv.DictReader(file)
            for district in row["districts"].split()
        ]


@functools.lru_cache(maxsize=4)
def _place(which: int) -> Place:
    code, latitude, longitude = _districts()[which]
    district = region(code)
    villages = tuple(sorted((it.code, it.postal_code) for it in parts(code)))
    if not villages or district is None or not district.regency or not district.district:
        raise LookupError(f"grown_regencies.csv names {code}, which is no district any more")
    return Place(code, district.district, district.regency, villages, latitude, longitude)
