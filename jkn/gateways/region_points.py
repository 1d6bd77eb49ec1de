"""Where regions lie: the centroid of each province, regency, district and village.

A centroid is no town: it lies outside its own region for islands and crescents (7 provinces, 35
regencies, 238 districts), and 359 villages have none. So it is good for "near", and for nothing
else. Source and licence: `region_points_data/LICENSE`.
"""

import functools
import mmap
import re
from pathlib import Path

_FILE = Path(__file__).with_name("region_points_data") / "points.csv"
_CODE = re.compile(r"[0-9]{2}(\.[0-9]{2}){0,2}(\.[0-9]{4})?")


@functools.lru_cache(maxsize=4096)
def point_of_region(code: str) -> tuple[float, float] | None:
    """Latitude and longitude of the region, or of the smallest one around it that has a point; None
    where even the province is unknown."""
    while _CODE.fullmatch(code):
        found = _line_of(code)
        if found is not None:
            _, latitude, longitude = found.split(b",")
            return float(latitude), float(longitude)
        code = code.rpartition(".")[0]
    return None


def _line_of(code: str) -> bytes | None:
    """The file is sorted, so it is searched by halves as it lies on disk: its 91,240 lines would
    take 20 MB as a table."""
    lines, wanted = _lines(), f"{code},".encode("ascii")
    start, end = lines.find(b"\n") + 1, len(lines)
    while start < end:
        middle = lines.rfind(b"\n", start, (start + end) // 2) + 1 or start
        line_end = lines.find(b"\n", middle)
        line = lines[middle:line_end]
        if line.startswith(wanted):
            return line
        if line < wanted:
            start = line_end + 1
        else:
            end = middle
    return None


@functools.cache
def _lines() -> mmap.mmap:
    with _FILE.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
