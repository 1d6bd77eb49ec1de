"""Coordinates as lists have them: swapped, without point, without minus, or none at all.

What is mended must be certain: the point has to lie where the facility's district or regency is.
"""

import itertools
import re
from dataclasses import dataclass
from enum import StrEnum

from jkn.services.basics.points import Point, kilometres

# The real lists have six of a hundred facilities outside their regency, hardly any this far away.
FARTHEST_KM = 100.0
_NUMBER = re.compile(r"[-+]?[0-9]{1,12}([.,][0-9]{0,20})?")
_NONE = frozenset(("", "-", "--", "0", "null", "none", "n/a"))


class PointNote(StrEnum):
    """What was done with the coordinates of a line."""

    SWAPPED = "latitude and longitude were swapped"
    POINT_LOST = "a decimal point was lost"
    MINUS_LOST = "a minus was lost"
    SAME_TWICE = "latitude and longitude are the same number: left out"
    UNREADABLE = "coordinates are no numbers: left out"
    ELSEWHERE = "coordinates lie outside Indonesia: left out"
    FAR = "coordinates lie far from the place: kept"


@dataclass(frozen=True, slots=True)
class Place:
    """`point`: None where there is none to be had."""

    point: Point | None
    note: PointNote | None = None


def read_point(latitude: str, longitude: str, near: Point | None) -> Place:
    """The point of two cells. `near`: where its district or regency lies; None when that is not
    known, and then less can be mended."""
    cells = (latitude.strip(), longitude.strip())
    if all(it.lower() in _NONE or not it.strip("0.,-+") for it in cells):
        return Place(None)
    if not all(_NUMBER.fullmatch(it) for it in cells):
        return Place(None, PointNote.UNREADABLE)
    north, east = (float(it.replace(",", ".")) for it in cells)
    if north == east:
        return Place(None, PointNote.SAME_TWICE)
    written = Point(north, east)
    if written.is_in_indonesia and _is_near(written, near):
        return Place(written)
    guesses = [it for it in _guesses(written, near) if _is_near(it[1], near)]
    if guesses:
        note, point = min(guesses, key=lambda it: _distance(it[1], near))
        return Place(point, note)
    if written.is_in_indonesia:
        return Place(written, PointNote.FAR)
    return Place(None, PointNote.ELSEWHERE)


def _guesses(written: Point, near: Point | None) -> list[tuple[PointNote, Point]]:
    """What may have been meant. Less is certain where the regency is not known."""
    north, east = written.latitude, written.longitude
    guesses = [(PointNote.SWAPPED, Point(east, north))]
    if near is not None:
        guesses += [(PointNote.MINUS_LOST, Point(-north, east))]
        guesses += [(PointNote.SWAPPED, Point(-east, north))]
    if near is not None and not written.is_in_indonesia:
        shifts = itertools.product(_shifted(north), _shifted(east))
        guesses += [(PointNote.POINT_LOST, Point(*it)) for it in shifts]
    return [it for it in guesses if it[1].is_in_indonesia]


def _shifted(number: float) -> list[float]:
    """The number with its point anywhere further left, unless it is a coordinate as it stands."""
    return [number] if abs(number) <= 180 else [number / 10**places for places in range(1, 10)]


def _is_near(point: Point, near: Point | None) -> bool:
    return near is None or _distance(point, near) <= FARTHEST_KM


def _distance(point: Point, near: Point | None) -> float:
    return 0.0 if near is None else kilometres(point, near)
