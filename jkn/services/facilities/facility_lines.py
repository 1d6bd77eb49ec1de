"""One line of an operator's list of facilities, read: what it says, what was mended, or why it is
refused."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from jkn.gateways.region_points import point_of_region
from jkn.models import FacilityKind
from jkn.services.basics.name_matching import plain_words
from jkn.services.basics.points import Point
from jkn.services.facilities import places
from jkn.services.facilities.coordinates import PointNote, read_point
from jkn.services.facilities.csv_records import UnreadableFileError

# Headers by which the columns are known, without case, spaces and signs.
COLUMNS = {
    "code": "kodefaskes kodefasilitas kode facilitycode code",
    "kind": "jenisfaskes jenisfasilitas jenis tipe kind type",
    "name": "namafaskes namafasilitas nama name",
    "address": "alamatfaskes alamat address",
    "region_code": "kodewilayah koderegion kodekemendagri regioncode",
    "province": "namaprovinsi provinsi propinsi province",
    "regency": "kabupatenkota kabkota kotakab kabupaten kota namakabupaten regency city",
    "district": "namakecamatan kecamatan district",
    "latitude": "lintang latitude lat",
    "longitude": "bujur longitude lng lon long",
    "phone": "nomortelepon notelepon notelp telepon telp phone",
    "capacity": "kapasitaspeserta kapasitas capacity",
    "open_from": "bukasejak mulaiberlaku openfrom",
    "open_until": "bukasampai berakhir openuntil",
}
REQUIRED = ("code", "kind", "name")
_KINDS = {
    FacilityKind.PUSKESMAS: "puskesmas pkm",
    FacilityKind.PRIMARY_CLINIC: "klinikpratama primaryclinic",
    FacilityKind.SPECIALIST_CLINIC: "klinikutama specialistclinic",
    FacilityKind.DOCTOR: "dokterpraktikperorangan dokterperorangan dokterumum dokterkeluarga dpp"
    " praktikdokter praktekdokter doctor doctors",
    FacilityKind.DENTIST: "doktergigi praktikdoktergigi drg dentist",
    FacilityKind.PRIMARY_HOSPITAL: "rumahsakitkelasdpratama rskelasdpratama rsdpratama"
    " primaryhospital",
    FacilityKind.HOSPITAL: "rumahsakit rs hospital",
    FacilityKind.PHARMACY: "apotek apotik pharmacy",
}
_BY_WORD = {word: kind for kind, words in _KINDS.items() for word in words.split()}

_USUAL_CODE_LENGTH = 8
_CODE = re.compile(r"[0-9]{8}|(?![0-9]+$)[0-9A-Z][0-9A-Z-]{2,22}[0-9A-Z]")
# A spreadsheet's way to keep the zeros of a number.
_QUOTED_FORMULA = re.compile(r'="([^"]*)"')
_FORMULA = ("=", "@", "+")
_LONGEST = 200
# Where the real lists cut names off.
_CUT_AT = 30
_PHONE = re.compile(r"[0-9+()/ .,;-]{5,60}")
_NOTHING = ("", "-", "--", "null", "none", "n/a")
_MOST_PEOPLE = 10_000_000


class Note(StrEnum):
    """What is not as the list has it, or is kept as it is though it looks wrong."""

    PLACE_MENDED = "regency found under another name"
    PLACE_UNKNOWN = "regency not found: kept without"
    DISTRICT_UNKNOWN = "district not found: kept without"
    NAME_CUT = "the name may be cut off: kept"
    CODE_LENGTH = "the code has other than 8 characters: kept"
    PHONE_LEFT_OUT = "the phone is no number: left out"
    POINT_OF_REGION = "no coordinates: those of its district or regency"
    NO_POINT = "no coordinates and no place: found by its name only"


@dataclass(frozen=True, slots=True)
class Refused:
    """Why the line was skipped. `code`: None where it has none."""

    reason: str
    code: str | None = None


@dataclass(frozen=True, slots=True)
class FacilityLine:
    """`values`: by column of `Facility`, those that the list speaks of."""

    code: str
    values: dict[str, Any]
    notes: list[Note | PointNote] = field(default_factory=list)


@dataclass(frozen=True)
class Header:
    """Where the columns stand."""

    position: Mapping[str, int]
    length: int

    def cell(self, cells: Sequence[str], column: str) -> str | None:
        """What the line says there, on one line and without signs of nothing; None where the list
        has no such column, or the line is too short for it."""
        at = self.position.get(column)
        if at is None or at >= len(cells):
            return None
        text = " ".join(cells[at].split())
        quoted = _QUOTED_FORMULA.fullmatch(text)
        return quoted[1] if quoted else "" if text.lower() in _NOTHING else text


def read_header(cells: Sequence[str], chosen: Mapping[str, str]) -> Header:
    """Find the columns by their names, or by `chosen`: the list's own names by ours. Raises
    UnreadableFileError when a required one is missing, or one that was chosen, and when two have
    the same name."""
    own = [_folded(it) for it in cells]
    position: dict[str, int] = {}
    for column, known in COLUMNS.items():
        names = [_folded(chosen[column])] if column in chosen else known.split()
        name = next((it for it in names if it and it in own), None)
        found = [at for at, it in enumerate(own) if it == name]
        # Where only case and signs differ, the name as it was chosen tells which one is meant.
        found = [at for at in found if cells[at].strip() == chosen.get(column)] or found
        if len(found) > 1:
            raise UnreadableFileError(
                f"Several columns may be the {column}: {_readable([cells[at] for at in found])}."
                f" Rename all but one, or choose with --column {column}=…"
            )
        if found:
            position[column] = found[0]
        elif column in chosen or column in REQUIRED:
            wanted = chosen.get(column, column)
            raise UnreadableFileError(
                f"There is no column for {wanted}. The file has: {_readable(cells)}."
            )
    return Header(position, len(cells))


def _readable(cells: Sequence[str]) -> str:
    return "".join(it for it in ", ".join(cells) if it.isprintable())[:_LONGEST]


def read_line(
    header: Header,
    cells: Sequence[str],
    kinds: Mapping[str, FacilityKind],
) -> FacilityLine | Refused:
    """Read one line. `kinds`: what the operator says that words of the list mean."""
    code = (header.cell(cells, "code") or "").upper()
    known = code if _CODE.fullmatch(code) else None
    if len(cells) != header.length:
        return Refused(f"it has {len(cells)} cells, the header {header.length}", known)
    said = {it: header.cell(cells, it) for it in COLUMNS}
    for column, text in said.items():
        problem = _problem(column, text or "")
        if problem:
            return Refused(f"{column}: {problem}", known)
    if known is None:
        return Refused(f"code: “{code}” is none; it has 8 characters, zeros in front included")
    kind = _kind(said["kind"] or "", kinds)
    if kind is None:
        return Refused(f"kind: “{said['kind']}” is not known; --kind tells what it means", code)
    if not any(it.isalpha() for it in said["name"] or ""):
        return Refused(f"name: “{said['name']}” is none", code)
    notes: list[Note | PointNote] = []
    values: dict[str, Any] = {"kind": kind, "name": said["name"]}
    try:
        for column, read in _READ.items():
            if said[column] is not None:
                values[column] = read(said[column] or "")
    except ValueError as error:
        return Refused(f"{column}: {error}", code)
    first, last = values.get("open_from"), values.get("open_until")
    if first and last and last < first:
        return Refused(f"open_until: {last} is before open_from, {first}", code)
    if len(code) != _USUAL_CODE_LENGTH:
        notes.append(Note.CODE_LENGTH)
    if len(values["name"]) == _CUT_AT:
        notes.append(Note.NAME_CUT)
    if said["phone"] and values["phone"] is None:
        notes.append(Note.PHONE_LEFT_OUT)
    _add_place(said, values, notes)
    return FacilityLine(code, values, notes)


def _add_place(
    said: Mapping[str, str | None], values: dict[str, Any], notes: list[Note | PointNote]
) -> None:
    found = places.by_code(said["region_code"] or "") or places.by_names(
        said["province"] or "", said["regency"] or "", said["district"] or ""
    )
    if found.is_mended:
        notes.append(Note.PLACE_MENDED)
    if found.regency_code is None:
        notes.append(Note.PLACE_UNKNOWN)
    elif found.district_code is None and said["district"]:
        notes.append(Note.DISTRICT_UNKNOWN)
    smallest = found.district_code or found.regency_code
    centre = point_of_region(smallest) if smallest else None
    place = read_point(
        said["latitude"] or "", said["longitude"] or "", Point(*centre) if centre else None
    )
    if place.note:
        notes.append(place.note)
    if place.point is None:
        notes.append(Note.POINT_OF_REGION if centre else Note.NO_POINT)
    point = place.point or (Point(*centre) if centre else None)
    values |= {
        "regency_code": found.regency_code,
        "district_code": found.district_code,
        "latitude": point.latitude if point else None,
        "longitude": point.longitude if point else None,
        "is_point_exact": place.point is not None,
    }


def _problem(column: str, text: str) -> str | None:
    if any(not it.isprintable() for it in text):
        return "it holds a character that cannot be printed"
    if len(text) > _LONGEST:
        return f"it is longer than {_LONGEST} characters"
    if column in ("code", "kind", "name", "address") and text.startswith(_FORMULA):
        return "it is a formula"
    return None


def _kind(text: str, kinds: Mapping[str, FacilityKind]) -> FacilityKind | None:
    word = _folded(text)
    return kinds.get(word) or _BY_WORD.get(word)


def folded_kinds(chosen: Mapping[str, FacilityKind]) -> dict[str, FacilityKind]:
    """The operator's words as `read_line` looks them up."""
    return {_folded(word): kind for word, kind in chosen.items()}


def _folded(text: str) -> str:
    return "".join(plain_words(text))


def _phone(text: str) -> str | None:
    return text if _PHONE.fullmatch(text) else None


def _capacity(text: str) -> int | None:
    if not text:
        return None
    digits = text.replace(".", "")
    if not re.fullmatch(r"[0-9]{1,8}", digits) or int(digits) > _MOST_PEOPLE:
        raise ValueError(f"“{text}” is no number of people")
    return int(digits)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ValueError(f"“{text}” is no day like 2026-05-31") from None


_READ: dict[str, Callable[[str], Any]] = {
    "address": str,
    "phone": _phone,
    "capacity": _capacity,
    "open_from": _day,
    "open_until": _day,
}
