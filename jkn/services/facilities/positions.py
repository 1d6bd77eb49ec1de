"""Reads the position that a phone tells. It is rounded before anything else sees it: a hundred
metres are enough to find what is near, and say less about where somebody is."""

import re
from enum import StrEnum

from jkn.services.basics.points import Point

# 0.001 degrees are 111 m.
_DECIMALS = 3
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
    return point if point.is_in_indonesia else Misplaced.ABROAD
