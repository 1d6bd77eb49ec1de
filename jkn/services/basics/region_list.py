"""The list of regions as a file: any region by its code, the parts of a region, and villages by the
letters of their names.

Reading it costs nothing but the pages of it that are touched, which all processes share. The
library behind `gateways.regions` would load all names: 0.8 s and 37 MB in each process, at
somebody's first search (docs/decisions/0051). With a newer library the file is written anew by
`python -m jkn.services.basics.region_list`. Source and licence: `region_list_data/LICENSE`.
"""

import functools
import mmap
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from jkn.gateways import regions
from jkn.gateways.regions import Region
from jkn.services.basics.name_matching import plain_words

_FILE = Path(__file__).with_name("region_list_data") / "regions.csv"
_VILLAGE_CODE = re.compile(r"[0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{4}")
# Where the key stands in the line of a village: all codes and postal codes are of one length.
_KEY_COLUMN = len("32.76.05.1004,16411,")
# What stands before a name and does not belong to it; a name of that word alone keeps it.
KINDS_OF_VILLAGES = frozenset("kelurahan kel desa ds".split())
_ROMAN = (("x", 10), ("ix", 9), ("v", 5), ("iv", 4), ("i", 1))
_LARGEST_ROMAN = 39


class Line(NamedTuple):
    """A line of the file. `postal_code` is empty above the villages. `key`: the name as it is
    compared (`name_key`)."""

    code: str
    postal_code: str
    key: str
    name: str


def name_key(text: str) -> str:
    """The name without case, signs, spaces and what says only that it is a village. Numbers are
    Roman, so that *Ulujami 2* is *Ulujami II*."""
    words = plain_words(text)
    if len(words) > 1 and words[0] in KINDS_OF_VILLAGES:
        words = words[1:]
    return "".join(_roman(it) for it in words)


def region(code: str) -> Region | None:
    """The region with this code, also with one of the past (`regions.current_code`), of which a
    province that has left the country is all that is known; None when unknown."""
    code = regions.current_code(code)
    if former := regions.province_before(code):
        return Region(code[:2], former)
    village = _village(code) if _VILLAGE_CODE.fullmatch(code) else None
    above = [code[:end] for end in (2, 5, 8) if end <= len(code)]
    places = _places()
    if not all(it in places for it in above) or not (village or code in above):
        return None
    province, *below = (_line(places[it]).name for it in above)
    regency, district = below + [None] * (2 - len(below))
    if village is None:
        return Region(code, province, regency, district)
    return Region(code, province, regency, district, village.name, village.postal_code)


def regencies() -> list[Region]:
    """Every regency and city, in the order of their codes."""
    codes = sorted(it for it in _places() if len(it) == len("32.76"))
    return [it for it in map(region, codes) if it is not None]


def parts(code: str) -> list[Line]:
    """The direct parts of a region by name, or the provinces for ""; empty for an unknown one."""
    if len(code) == len("32.76.05"):
        found = _villages_of(code)
    else:
        found = [_line(_places()[it]) for it in _parts().get(code, ())]
    return sorted(found, key=lambda it: (it.name.casefold(), it.code))


def place_key(code: str) -> str:
    """The names of the district, the regency and the province of a code as they are compared."""
    places = _places()
    return "|".join(_line(places[code[:end]]).key for end in (8, 5, 2))


def villages_named(name: str) -> Iterator[tuple[str, str]]:
    """Key and code of each village whose key has these letters somewhere; all letters are ASCII."""
    lines, wanted = _lines(), name.encode("ascii", "replace")
    at, length = lines.find(wanted, _first_village()), len(wanted)
    while at != -1:
        start = lines.rfind(b"\n", 0, at) + 1
        key_start = start + _KEY_COLUMN
        key_end = lines.find(b",", key_start)
        if at < key_start:
            at = lines.find(wanted, key_start)
            continue
        if at + length <= key_end:
            yield (
                lines[key_start:key_end].decode("ascii"),
                lines[start : start + 13].decode("ascii"),
            )
        at = lines.find(wanted, lines.find(b"\n", key_end))


def villages_whose_names_begin(name: str) -> Iterator[tuple[str, str]]:
    """Key and code of each village whose key begins with these letters."""
    lines, wanted = _lines(), f",{name}".encode("ascii", "replace")
    at = lines.find(wanted, _first_village())
    while at != -1:
        key_end = lines.find(b",", at + 1)
        yield lines[at + 1 : key_end].decode("ascii"), lines[at - 19 : at - 6].decode("ascii")
        at = lines.find(wanted, lines.find(b"\n", key_end))


def villages_with_postal_code(postal_code: str) -> list[tuple[str, str]]:
    """Key and code of each village with these five digits."""
    lines, wanted = _lines(), f",{postal_code},".encode("ascii")
    at, found = lines.find(wanted, _first_village()), []
    while at != -1:
        line = _read(lines[at - 13 : lines.find(b"\n", at)])
        found.append((line.key, line.code))
        at = lines.find(wanted, at + 1)
    return found


def _village(code: str) -> Line | None:
    return next((it for it in _villages_from(code) if it.code == code), None)


def _villages_of(district_code: str) -> list[Line]:
    found = []
    for line in _villages_from(f"{district_code}."):
        if not line.code.startswith(district_code):
            break
        found.append(line)
    return found


def _villages_from(code: str) -> Iterator[Line]:
    """The villages from this code on. The part of the file that has them is sorted, so it is
    searched by halves as it lies on disk."""
    lines, wanted = _lines(), code.encode("ascii")
    start, end = _first_village(), len(lines)
    while start < end:
        middle = lines.rfind(b"\n", start, (start + end) // 2) + 1 or start
        line_end = lines.find(b"\n", middle)
        if lines[middle:line_end] < wanted:
            start = line_end + 1
        else:
            end = middle
    while start < len(lines):
        line_end = lines.find(b"\n", start)
        yield _read(lines[start:line_end])
        start = line_end + 1


def _read(line: bytes) -> Line:
    return _line(line.decode("utf-8"))


def _line(text: str) -> Line:
    return Line(*text.split(",", 3))


@functools.cache
def _places() -> dict[str, str]:
    """The lines of provinces, regencies and districts by their codes: seven thousand. They are read
    when they are needed: so many tuples at once would take twenty times as long."""
    head = _lines()[: _first_village()].decode("utf-8")
    return {it.partition(",")[0]: it for it in head.splitlines()}


@functools.cache
def _parts() -> dict[str, list[str]]:
    below: dict[str, list[str]] = defaultdict(list)
    for code in _places():
        below[code.rpartition(".")[0]].append(code)
    return dict(below)


@functools.cache
def _first_village() -> int:
    found = re.search(rb"^[0-9.]{13},", _lines(), re.MULTILINE)
    return found.start() if found else len(_lines())


@functools.cache
def _lines() -> mmap.mmap:
    with _FILE.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _roman(word: str) -> str:
    if not (word.isascii() and word.isdigit() and 0 < int(word) <= _LARGEST_ROMAN):
        return word
    number, signs = int(word), ""
    for sign, value in _ROMAN:
        signs += sign * (number // value)
        number %= value
    return signs


def as_the_library_has_it() -> str:
    """What the file should hold: larger regions first, each size by its codes."""
    found = sorted(regions.everything(), key=lambda it: (len(it[0]), it[0]))
    return "".join(f"{code},{postal},{name_key(name)},{name}\n" for code, name, postal in found)


if __name__ == "__main__":
    _FILE.write_text(as_the_library_has_it(), encoding="utf-8", newline="\n")
