"""Points on the map of Indonesia, and how far they are apart."""

import math
from dataclasses import dataclass

# From Pulau Rondo to Pulau Ndana and from Pulau Benggala to the border in Papua, with some sea.
_SOUTH, _NORTH = -11.2, 6.3
_WEST, _EAST = 94.8, 141.1
_KILOMETRES_OF_A_DEGREE = 111.195


@dataclass(frozen=True, slots=True)
class Point:
    """In degrees (WGS 84)."""

    latitude: float
    longitude: float

    @property
    def is_in_indonesia(self) -> bool:
        """Whether it lies in the rectangle around Indonesia. Infinities and NaN do not."""
        return _SOUTH <= self.latitude <= _NORTH and _WEST <= self.longitude <= _EAST


def kilometres(one: Point, other: Point) -> float:
    """Along a great circle of a sphere (haversine), good to half a percent."""
    south, north = math.radians(one.latitude), math.radians(other.latitude)
    half_north = (north - south) / 2
    half_east = math.radians(other.longitude - one.longitude) / 2
    chord = math.sin(half_north) ** 2 + math.cos(south) * math.cos(north) * math.sin(half_east) ** 2
    return math.degrees(2 * math.asin(math.sqrt(min(1.0, chord)))) * _KILOMETRES_OF_A_DEGREE
