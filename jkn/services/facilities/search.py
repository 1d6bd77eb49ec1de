"""Finds facilities by a part of their name, by kind and by region, the nearest first.

Every query is answered by an index of the database (docs/decisions/0047 and 0052): it costs as much
as the words have names or the box has facilities, however many the country has.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, case, select

from jkn.database import is_among, session, unindexed
from jkn.gateways.region_points import point_of_region
from jkn.gateways.regions import current_code
from jkn.models import Facility, FacilityKind, FacilityWord
from jkn.services.basics.points import Point, kilometres
from jkn.services.basics.region_list import parts
from jkn.services.facilities.facility_words import SHORTEST, asked_kinds, asked_words
from jkn.services.facilities.is_open import open_on

A_PAGE = 20
MOST = 200
# Half the height of the boxes that are searched around a point, in degrees of latitude: thirteen
# kilometres, which are enough nearly everywhere on land; then from 110 on by steps so small that
# none takes in a whole island from the sea around it; at last everything.
_HALVES = (0.12, 1.0, 1.6, 2.5, 4.0, 6.3, 10.0, 90.0)
_AFTER_EVERY_LETTER = "\U0010ffff"


@dataclass(frozen=True)
class Wanted:
    """`name`: part of a name, as typed. `kinds`: any when empty, or those that the name speaks of.
    `region_code`: of a province, a regency or a district. `near`: what is nearest to it comes
    first."""

    name: str = ""
    kinds: frozenset[FacilityKind] = frozenset()
    region_code: str = ""
    near: Point | None = None

    @property
    def is_everything(self) -> bool:
        """Whether nothing was asked for that would make the list shorter than the country's."""
        return not (asked_words(self.name) or self.region_code or self.near)


@dataclass(frozen=True)
class Found:
    """`kilometres`: None where nothing was to be near, or where nobody knows where it is.
    `places_left`: None when there is room without end."""

    facility: Facility
    kilometres: float | None
    places_left: int | None


@dataclass(frozen=True)
class Page:
    """`skip_for_more`: what the next page skips; None on the last."""

    items: list[Found]
    skip_for_more: int | None


def search(wanted: Wanted, day: date, *, skip: int = 0, limit: int = A_PAGE) -> Page:
    """A page of the facilities that are open on `day`. Nothing for who wants everything, since
    nobody reads thirty thousand names."""
    if wanted.is_everything:
        return Page([], None)
    skip = max(0, min(skip, MOST))
    query = _conditions(wanted, day)
    count = skip + limit + 1
    if wanted.near is None:
        rows = _by_name(query, count)
    elif asked_words(wanted.name) or wanted.region_code:
        rows = _by_distance(query, wanted.near, count)
    else:
        # The index of points begins with the kind, so that a rare one far away is found at once.
        kinds = sorted(wanted.kinds or asked_kinds(wanted.name) or FacilityKind)
        rows = _nearest(query.where(Facility.kind.in_(kinds)), wanted.near, count)
    rows = rows[skip:]
    more = skip + limit if len(rows) > limit and skip + limit <= MOST else None
    return Page([found(it, wanted.near) for it in rows[:limit]], more)


def found(facility: Facility, near: Point | None) -> Found:
    """How far it is, and how many more can enrol there."""
    away = None
    if near is not None and facility.latitude is not None and facility.longitude is not None:
        away = kilometres(near, Point(facility.latitude, facility.longitude))
    left = None if facility.capacity is None else max(0, facility.capacity - facility.enrolled)
    return Found(facility, away, left)


def facility_with(code: str) -> Facility | None:
    """The facility with this code, open or closed."""
    return session.get(Facility, code)


def middle_of(region_code: str) -> Point | None:
    """Where people of this village, district or regency live, as near as is known."""
    point = point_of_region(current_code(region_code))
    return Point(*point) if point else None


def _conditions(wanted: Wanted, day: date) -> Select[Facility]:
    query = select(Facility).where(open_on(day))
    codes = [_codes_with(it) for it in asked_words(wanted.name)]
    columns: list[Any] = [Facility.kind, Facility.regency_code]
    if codes:
        # Words tell the most facilities apart: a third of all are of one kind, a tenth in one
        # province. So these are looked at in what the words found.
        columns = [unindexed(it) for it in columns]
    kind, regency = columns
    if kinds := wanted.kinds or asked_kinds(wanted.name):
        query = query.where(kind.in_(sorted(map(str, kinds))))
    if len(wanted.region_code) == 2:
        query = query.where(regency.in_([it.code for it in parts(wanted.region_code)]))
    elif wanted.region_code:
        inside = _inside(wanted.region_code)
        if codes:
            codes.append(select(Facility.code).where(inside))
        else:
            query = query.where(inside)
    if codes:
        query = query.where(is_among(Facility.code, codes[0].intersect(*codes[1:])))
    return query


def _codes_with(word: str) -> Select[str]:
    """The facilities whose names have it, from the index of words alone."""
    # A short word is meant whole: half of all names have one that begins like it.
    end = word if len(word) < SHORTEST else word + _AFTER_EVERY_LETTER
    return select(FacilityWord.facility_code).where(FacilityWord.word.between(word, end))


def _inside(code: str) -> ColumnElement[bool]:
    column = Facility.regency_code if len(code) == 5 else Facility.district_code
    return column == code


def _by_name(query: Select[Facility], count: int) -> Sequence[Facility]:
    ordered = query.order_by(Facility.name, Facility.code).limit(count)
    return session.scalars(ordered).all()


def _nearest(query: Select[Facility], near: Point, count: int) -> Sequence[Facility]:
    """The box grows until it holds as many as are wanted, and then once more as far as the last of
    them, since what is nearer than a corner may lie beyond an edge."""
    rows: Sequence[Facility] = []
    for half in _HALVES:
        rows = _nearest_within(half, query, near, count)
        if len(rows) == count:
            break
    farthest = math.sqrt(_squared(near, rows[-1])) if rows else 0.0
    return rows if farthest <= half else _nearest_within(farthest, query, near, count)


def _nearest_within(
    half: float, query: Select[Facility], near: Point, count: int
) -> Sequence[Facility]:
    ordered = query.where(*_box(near, half)).order_by(_squared_degrees(near), Facility.code)
    return session.scalars(ordered.limit(count)).all()


def _by_distance(query: Select[Facility], near: Point, count: int) -> Sequence[Facility]:
    unknown = case((Facility.latitude.is_(None), 1), else_=0)
    ordered = query.order_by(unknown, _squared_degrees(near), Facility.code).limit(count)
    return session.scalars(ordered).all()


def _box(near: Point, half: float) -> list[ColumnElement[bool]]:
    east = half / math.cos(math.radians(near.latitude))
    return [
        Facility.latitude.between(near.latitude - half, near.latitude + half),
        Facility.longitude.between(near.longitude - east, near.longitude + east),
    ]


def _squared_degrees(near: Point) -> ColumnElement[Any]:
    """Orders like the distance. Only sums and products, which both databases compute alike."""
    north = Facility.latitude - near.latitude
    east = Facility.longitude - near.longitude
    return north * north + east * east * _narrowing(near)


def _squared(near: Point, facility: Facility) -> float:
    north = (facility.latitude or 0.0) - near.latitude
    east = (facility.longitude or 0.0) - near.longitude
    return north * north + east * east * _narrowing(near)


def _narrowing(near: Point) -> float:
    """By how much meridians are closer together there than at the equator, squared."""
    return math.cos(math.radians(near.latitude)) ** 2
