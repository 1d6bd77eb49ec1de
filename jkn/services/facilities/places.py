"""Which regency and district a list means, by names as people write them: short, old, misspelt, or
with the wrong kind.

`place_aliases.csv` holds regencies whose names cannot be found by comparing: those that were
renamed, and the short forms of their people. Where a city or a province bears the old name of a
regency, "kabupaten" stands before it. A name that may mean two places means none.
"""

import csv
import functools
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from jkn.gateways import regions
from jkn.services.basics import region_list
from jkn.services.basics.name_matching import place_name

_ALIASES = Path(__file__).with_name("place_aliases.csv")
_CODE = re.compile(r"[0-9]{2}\.?[0-9]{2}(\.?[0-9]{2})?")
_CITY = re.compile(r"\s*(kota|kodya|kotamadya)\b", re.IGNORECASE)
_REGENCY = re.compile(r"\s*kab(upaten)?\b", re.IGNORECASE)
_CITY_CODE = 70


@dataclass(frozen=True, slots=True)
class RegionFound:
    """Codes of the regency and the district; None for what was not found. `is_mended`: it was found
    under another name or kind than the list has."""

    regency_code: str | None = None
    district_code: str | None = None
    is_mended: bool = False


def by_code(code: str) -> RegionFound | None:
    """The regency or district with this code, with dots or without; None when there is none."""
    if not _CODE.fullmatch(code):
        return None
    dotted = regions.dotted_code(code.replace(".", ""))
    found = region_list.region(dotted) if dotted else None
    if found is None or found.regency is None:
        return None
    return RegionFound(
        found.code[:5], found.code if found.district else None, is_mended=found.code != dotted
    )


def by_names(province: str, regency: str, district: str) -> RegionFound:
    """The place of these names; any of them may be empty."""
    code, is_mended = _regency(province, regency, district)
    if code is None:
        return RegionFound()
    return RegionFound(code, _districts_of(code).get(place_name(district)), is_mended)


def _regency(province: str, regency: str, district: str) -> tuple[str | None, bool]:
    bare = place_name(regency)
    if _REGENCY.match(regency) and (renamed := _aliases().get(f"kabupaten {bare}")):
        return renamed, True
    candidates = _regencies().get(bare, ())
    if not candidates:
        return _aliases().get(bare), True
    of_province = [it for it in candidates if it[:2] == _provinces().get(place_name(province))]
    candidates = tuple(of_province) or candidates
    of_kind = [it for it in candidates if _is_of_kind(it, regency)]
    if len(of_kind) == 1:
        return of_kind[0], False
    if len(candidates) == 1:
        # There is only one, so the list has its kind wrong.
        return candidates[0], True
    having = [it for it in candidates if place_name(district) in _districts_of(it)]
    return (having[0], False) if len(having) == 1 else (None, False)


def _is_of_kind(code: str, written: str) -> bool:
    """Whether the name says city or regency as the code does. One that says neither fits both."""
    is_city = int(code[3:]) > _CITY_CODE
    return not (_REGENCY.match(written) if is_city else _CITY.match(written))


@functools.cache
def _provinces() -> dict[str, str]:
    return {place_name(it.name): it.code for it in region_list.parts("")}


@functools.cache
def _regencies() -> dict[str, tuple[str, ...]]:
    codes: dict[str, tuple[str, ...]] = defaultdict(tuple)
    for it in region_list.regencies():
        codes[place_name(it.regency or "")] += (it.code,)
    return dict(codes)


@functools.lru_cache(maxsize=600)
def _districts_of(regency_code: str) -> dict[str, str]:
    """Codes by bare names; a name that two districts have is left out."""
    codes: dict[str, list[str]] = defaultdict(list)
    for it in region_list.parts(regency_code):
        codes[place_name(it.name)].append(it.code)
    return {name: found[0] for name, found in codes.items() if len(found) == 1}


@functools.cache
def _aliases() -> dict[str, str]:
    with _ALIASES.open(newline="", encoding="utf-8") as file:
        return {row["written"]: row["code"] for row in csv.DictReader(file)}
