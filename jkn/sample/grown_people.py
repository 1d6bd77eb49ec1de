"""Grown people: one for every running number, the same on every machine and on every day.

`family(7)` is always the same family. So growth that was interrupted goes on where it stopped, and
programs can tell a person's NIK or card number without asking the database.

No two people have the same number, because of how it is made:

- card number: 0009 and the running number. No real card begins with 0009.
- NIK: district, birth date and a serial. Each family of a district has eight serials of its own,
  which lasts for 1,125 families. Later families use the same serials, but other birth dates: days
  fall into 16 kinds, and each round has a kind of its own. Real serials count the births of one
  day in one district, and never reach 1000.
- family card number: day of issue and serial together number the families of a district.
"""

import csv
import functools
import itertools
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from jkn.gateways.regions import Sex
from jkn.models import FacilityKind, ParticipantKind, Relationship, Segment
from jkn.sample import grown_names
from jkn.sample.grown_places import Place, place_of, street
from jkn.sample.seeded_random import SeededRandom

MOST = 10_000_000

_HEAD, _HUSBAND, _WIFE = Relationship.HEAD, Relationship.HUSBAND, Relationship.WIFE
_CHILD, _PARENT, _OTHER = Relationship.CHILD, Relationship.PARENT, Relationship.OTHER
# The shapes of twenty families, each about as frequent as in reality; then they repeat.
_SHAPES: tuple[tuple[Relationship, ...], ...] = (
    (_HEAD, _WIFE, _CHILD, _CHILD),
    (_HEAD, _WIFE, _CHILD),
    (_HEAD,),
    (_HEAD, _WIFE, _CHILD, _CHILD, _CHILD),
    (_HEAD, _WIFE),
    (_HEAD, _CHILD),
    (_HEAD, _WIFE, _CHILD, _CHILD, _PARENT),
    (_HEAD, _WIFE, _CHILD, _CHILD),
    (_HEAD, _WIFE, _CHILD),
    (_HEAD, _WIFE, _CHILD, _CHILD, _CHILD, _PARENT),
    (_HEAD, _HUSBAND, _CHILD),
    (_HEAD,),
    (_HEAD, _WIFE, _CHILD, _PARENT),
    (_HEAD, _WIFE, _CHILD),
    (_HEAD, _WIFE),
    (_HEAD, _WIFE, _CHILD, _CHILD),
    (_HEAD, _CHILD, _CHILD),
    (_HEAD, _WIFE, _CHILD, _CHILD, _CHILD, _PARENT, _OTHER),
    (_HEAD, _WIFE, _CHILD, _CHILD),
    (_HEAD, _WIFE, _CHILD, _CHILD, _CHILD),
)
_SIZES = [len(shape) for shape in _SHAPES]
_STARTS = list(itertools.accumulate(_SIZES, initial=0))
_PEOPLE_A_ROUND = _STARTS.pop()
_FAMILY_OF_PERSON = [place for place, size in enumerate(_SIZES) for _ in range(size)]

_MEMBERSHIPS = Path(__file__).with_name("grown_memberships.csv")

_BORN_BEFORE = date(2026, 1, 1)
_FIRST_SERIAL = 1000
_SERIALS_A_FAMILY = 8
_FAMILIES_UNTIL_USED_UP = (10_000 - _FIRST_SERIAL) // _SERIALS_A_FAMILY
_KINDS_OF_DAYS = 16
_FIRST_CARD_ISSUED = date(2012, 1, 1)
_DAYS_OF_ISSUE = 3000

_FIRST_INSURED = date(2014, 1, 1)
# The share that owes contributions of the families that pay by themselves, and the share that lost
# its work of the families that an employer insures.
_OWING, _WITHOUT_WORK = 1 / 8, 1 / 20
_PRIMARY = (
    FacilityKind.PUSKESMAS,
    FacilityKind.PUSKESMAS,
    FacilityKind.PRIMARY_CLINIC,
    FacilityKind.DOCTOR,
)
_WITH_PHONE = (_HEAD, _HUSBAND, _WIFE)


@dataclass(frozen=True, slots=True)
class GrownPerson:
    """`number`: the running number, from 0. `phone`: in E.164. `phone`, `email`: None where the
    person has none."""

    number: int
    relationship: Relationship
    sex: Sex
    nik: str
    card_number: str
    name: str
    birth_place: str
    birth_date: date
    mother_name: str
    phone: str | None
    email: str | None


@dataclass(frozen=True, slots=True)
class GrownFamily:
    """`members`: the head comes first. `is_first_of_place`: the first family of its district.
    `months_unpaid`: how many contributions it owes, if it pays by itself. `lost_work`: the
    employment is over, if one insured it."""

    family_card_number: str
    place: Place
    is_first_of_place: bool
    street: str
    rt: str
    rw: str
    village_code: str
    postal_code: str
    segment: Segment
    kind: ParticipantKind
    care_class: str
    insured_since: date
    months_unpaid: int
    lost_work: bool
    primary_facility: FacilityKind
    members: list[GrownPerson]


@functools.cache
def _hundred() -> list[tuple[Segment, ParticipantKind, list[str]]]:
    """Segment, kind, and possible care classes of each of a hundred families."""
    with _MEMBERSHIPS.open(newline="", encoding="utf-8") as file:
        return [
            (
                Segment(row["segment"]),
                ParticipantKind(row["kind"]),
                row["care_classes"].split(),
            )
            for row in csv.DictReader(file)
            for _ in range(int(row["families_of_a_hundred"]))
        ]


def card_number(person: int) -> str:
    """The card number of a running number."""
    return f"0009{person:09}"


def family_of_person(person: int) -> int:
    """The running number of the family that a person belongs to."""
    rounds, within = divmod(person, _PEOPLE_A_ROUND)
    return rounds * len(_SHAPES) + _FAMILY_OF_PERSON[within]


def head_of(family_number: int) -> int:
    """The running number of the first person of a family."""
    rounds, within = divmod(family_number, len(_SHAPES))
    return rounds * _PEOPLE_A_ROUND + _STARTS[within]


def family(number: int) -> GrownFamily:
    """The family of a running number, from 0."""
    place, before, is_first = place_of(number)
    rng = SeededRandom(number)
    shape = _SHAPES[number % len(_SHAPES)]
    segment, kind, classes = rng.pick(_hundred())
    sexes = [_sex(relationship, shape, rng) for relationship in shape]
    ages = _ages(shape, kind, rng)
    days = [_birth_date(age, before, rng) for age in ages]
    last_name = grown_names.last_name(rng)
    names: list[str] = []
    for sex in sexes:
        while (name := grown_names.person_name(rng, sex, last_name)) in names:
            pass  # No two people of a family have the same name.
        names.append(name)
    mother = _mother(shape, names, sexes)
    first = head_of(number)
    members = [
        GrownPerson(
            number=first + at,
            relationship=shape[at],
            sex=sexes[at],
            nik=_nik(place, days[at], sexes[at], before, at),
            card_number=card_number(first + at),
            name=names[at],
            birth_place=place.city,
            birth_date=days[at],
            mother_name=(
                mother
                if mother and shape[at] is _CHILD
                else grown_names.person_name(rng, "F", last_name)
            ),
            # No operator has this range.
            phone=f"+62854{10_000_000 + first + at}" if shape[at] in _WITH_PHONE else None,
            email=f"peserta{first + at}@contoh.example" if shape[at] is _HEAD else None,
        )
        for at in range(len(shape))
    ]
    village_code, postal_code = rng.pick(place.villages)
    return GrownFamily(
        family_card_number=_family_card_number(place, before),
        place=place,
        is_first_of_place=is_first,
        street=street(rng),
        rt=f"{rng.between(1, 12):03}",
        rw=f"{rng.between(1, 20):03}",
        village_code=village_code,
        postal_code=postal_code,
        segment=segment,
        kind=kind,
        care_class=rng.pick(classes),
        insured_since=_FIRST_INSURED + timedelta(days=rng.between(0, 3000)),
        months_unpaid=rng.between(1, 30) if rng.random() < _OWING else 0,
        lost_work=rng.random() < _WITHOUT_WORK,
        primary_facility=rng.pick(_PRIMARY),
        members=members,
    )


def _sex(relationship: Relationship, shape: tuple[Relationship, ...], rng: SeededRandom) -> Sex:
    if relationship is _HEAD and _WIFE in shape:
        return "M"
    if relationship is _WIFE or (relationship is _HEAD and len(shape) > 1):
        return "F"
    return "M" if relationship is _HUSBAND else rng.pick(("M", "F"))


def _ages(shape: tuple[Relationship, ...], kind: ParticipantKind, rng: SeededRandom) -> list[int]:
    """The members' ages in whole years. Nobody has children before 19; pensioners are old, and
    people who work are not."""
    with_children = _CHILD in shape
    if kind is ParticipantKind.STATE_PENSIONER:
        head = rng.between(58, 65 if with_children else 90)
    else:
        head = rng.between(24, 60 if with_children else 75)
    mother = head
    ages = []
    for relationship in shape:
        if relationship is _HEAD:
            ages.append(head)
        elif relationship in (_HUSBAND, _WIFE):
            partner = max(22, head + rng.between(-5, 2))
            mother = partner if relationship is _WIFE else head
            ages.append(partner)
        elif relationship is _CHILD:
            ages.append(rng.between(max(0, mother - 42), mother - 20))
        elif relationship is _PARENT:
            ages.append(min(95, head + rng.between(20, 32)))
        else:
            ages.append(rng.between(1, 70))
    return ages


def _birth_date(age: int, families_before: int, rng: SeededRandom) -> date:
    latest = _BORN_BEFORE - timedelta(days=age * 365 + age // 4 + rng.between(1, 300))
    kind = families_before // _FAMILIES_UNTIL_USED_UP
    return latest - timedelta(days=(latest.toordinal() - kind) % _KINDS_OF_DAYS)


def _mother(shape: tuple[Relationship, ...], names: list[str], sexes: list[Sex]) -> str | None:
    """The name of the children's mother; None when she is not in the family."""
    couple = zip(shape, names, sexes, strict=True)
    return next((name for it, name, sex in couple if it in (_HEAD, _WIFE) and sex == "F"), None)


def _nik(place: Place, born: date, sex: Sex, families_before: int, at: int) -> str:
    """The NIK of a member. In a woman's, the day of birth is raised by 40 (PP 37/2007 art. 37)."""
    day = born.day + (40 if sex == "F" else 0)
    turn = families_before % _FAMILIES_UNTIL_USED_UP
    return f"{place.digits}{day:02}{born:%m%y}{_FIRST_SERIAL + turn * _SERIALS_A_FAMILY + at}"


def _family_card_number(place: Place, families_before: int) -> str:
    serial, days = divmod(families_before, _DAYS_OF_ISSUE)
    issued = _FIRST_CARD_ISSUED + timedelta(days=days)
    return f"{place.digits}{issued:%d%m%y}{_FIRST_SERIAL + serial}"
