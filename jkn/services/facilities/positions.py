"""Reads the position that a phone tells. It is rounded before anything else sees it: a hundred
metres are enough to find what is near, and say less about where somebody is."""

import functools
import re
from enum import StrEnum

from jkn.services.basics import region_list
from jkn.services.basics.points import Point, kilometres
from jkn.services.facilities.search import middle_of

# 0.001 degrees are 111 m.
_DECIMALS = 3
# A country's sea ends 200 nautical miles (370 km) from its coasts (UNCLOS, article 57), and the
# middle of a regency lies further inland. From the open ocean nothing is near.
_FARTHEST_KM = 450.0
_DEGREES = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,20})?")


class Misplaced(StrEnum):
    """Why there is no position."""

    UNREADABLE = "unreadable"
    ABROAD = "abroad"


def read_position(latitude: str, longitude: str) -> Point | Misplaced:
    """The position, rounded to three decimals."""
    if not (_DEGREES.fullmatch(latitude) and _DEGREES.fullmatch(longitude)):
        return Misplaced.UNREADABLE
    point = Point(round(float(latitude), _DECIMALS), round(float(longitude), _DECIMALS))
    return point if _is_near_land(point) else Misplaced.ABROAD


def _is_near_land(point: Point) -> bool:
    return point.is_in_indonesia and any(
        kilometres(point, it) <= _FARTHEST_KM for it in _middles_of_regencies()
    )


@functools.cache
def _middles_of_regencies() -> list[Point]:
    middles = (middle_of(it.code) for it in region_list.regencies())
    return [it for it in middles if it is not None]
