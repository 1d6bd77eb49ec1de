"""A made list of facilities that looks like the national one: its columns, its kinds and its
faults, in the shares that were counted there. Nobody and nothing in it exists.

    python -m benchmarks.made_facilities 30000 > facilities.csv

Counted in 29,157 lines: kinds; 836 lines without a code; coordinates missing in 5,408, zero in 15,
impossible in 90 (swapped, without their point, one number twice), without their minus in some; a
line break in 28,321 names; 606 names cut at 30 characters; 843 addresses that are a dash; 49 of
512 regencies under another name.
"""

import csv
import functools
import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TextIO

from jkn.gateways.region_points import point_of_region
from jkn.sample.seeded_random import SeededRandom
from jkn.services.basics.region_list import parts, regencies, region

HEADER = (
    "KodeFaskes", "NamaFaskes", "JenisFaskes", "Alamat", "Provinsi", "KabKota", "Kecamatan",
    "Telepon", "Lintang", "Bujur",
)  # fmt: skip
_KINDS = (
    (9913, "Puskesmas", ""),
    (6597, "Klinik Pratama", "BU"),
    (5375, "Klinik Utama", "BU"),
    (2982, "Apotek", "A"),
    (2249, "Rumah Sakit", "R"),
    (1410, "Dokter Gigi", "G"),
    (631, "Dokter Praktik Perorangan", "S"),
)
_NAMES = (
    "Mekar", "Sehat", "Harapan", "Bunda", "Sentosa", "Medika", "Husada", "Sejahtera", "Kasih",
    "Mulia", "Waluya", "Bhakti", "Permata", "Cahaya", "Melati", "Kenanga", "Anugerah", "Insani",
)  # fmt: skip
_STREETS = ("Jl. Melati", "Jl. Raya Desa", "Jl. Kenanga", "Jl. Pasar Lama", "Dusun Krajan")
_PHONES = (
    "0{area}-{local}", "(0{area}) {local}", "0{area}{local}", "+62{area}{local}", "08{area}{local}",
    "0{area} {local}", "0{area}.{local}", "62{area}{local}", "{local}", "0{area}/{local}", "-",
    "tidak ada",
)  # fmt: skip
_OTHER_NAMES = {
    "12.12": "Kab. Toba Samosir", "76.01": "Kab. Mamuju Utara",
    "81.03": "Kab. Maluku Tenggara Barat",
    "16.08": "Kab. O.K.U Timur", "53.02": "Kab. T.T.S Soe", "15.06": "Kab. Tanjab Bar",
    "73.10": "Kab. Pangkep", "64.02": "Kab. Kutai Kertanegara", "93.02": "Kab. Bouven Digul",
    "33.73": "Kab. Salatiga", "14.04": "Kab. Inhil", "71.09": "Kab. Siau Tagulandang Biaro",
    # These are known to nobody.
    "32.05": "Kab. Garoet", "35.09": "Kab. Djember", "51.03": "Kesehatanbandar",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Home:
    code: str
    district: str
    regency: str
    province: str
    latitude: float
    longitude: float


def made_lines(count: int) -> Iterator[tuple[str, ...]]:
    """So many lines, the same each time."""
    rng = SeededRandom("facilities")
    homes = _homes()
    kinds = [(kind, letters) for share, kind, letters in _KINDS for _ in range(share)]
    for number in range(count):
        kind, letters = rng.pick(kinds)
        home = homes[number * 197 % len(homes)]
        yield _line(number, kind, letters, home, rng)


def write(count: int, file: TextIO) -> None:
    """The list as a file, with CRLF at the end of each line."""
    writer = csv.writer(file)
    writer.writerow(HEADER)
    writer.writerows(made_lines(count))


def _line(number: int, kind: str, letters: str, home: _Home, rng: SeededRandom) -> tuple[str, ...]:
    area = f"{number // 1000 % 10000:04}"
    serial = f"{number % 1000:03}"
    code = area + (rng.pick(letters) if letters else f"{number // 10_000_000}") + serial
    place = home.district if kind == "Puskesmas" else f"{rng.pick(_NAMES)} {rng.pick(_NAMES)}"
    name = f"{kind} {place}"
    latitude = round(home.latitude + rng.uniform(-0.02, 0.02), 6)
    longitude = round(home.longitude + rng.uniform(-0.02, 0.02), 6)
    address = f"{rng.pick(_STREETS)} No. {rng.between(1, 200)}, {home.district}"
    phone = rng.pick(_PHONES).format(area=rng.between(21, 99), local=rng.between(200000, 9999999))
    if rng.random() < 836 / 29157:
        code = "-"
    if rng.random() < 843 / 29157:
        address = "-"
    if rng.random() < 606 / 29157:
        name = f"{name} Cabang {home.district} Raya Timur Selatan"[:30]
    if rng.random() < 28321 / 29157:
        name = name.replace(" ", "\r\n", 1)
    regency = _OTHER_NAMES.get(home.code[:5], home.regency)
    north, east = _faulty(str(latitude), str(longitude), rng)
    return code, name, kind, address, home.province, regency, home.district, phone, north, east


def _faulty(north: str, east: str, rng: SeededRandom) -> tuple[str, str]:
    lot = rng.random() * 29157
    if lot < 5408:
        return "-", "-"
    if lot < 5423:
        return "0.0", "0.0"
    if lot < 5453:
        return east, north
    if lot < 5483:
        return north, east.replace(".", "")
    if lot < 5513:
        return east, east
    if lot < 5543:
        return north.removeprefix("-"), east
    return north, east


@functools.cache
def _homes() -> list[_Home]:
    homes = []
    for regency in regencies():
        for code in sorted(it.code for it in parts(regency.code)):
            found, point = region(code), point_of_region(code)
            if found and point and found.district and found.regency:
                short = found.regency.replace("Kabupaten", "Kab.")
                homes.append(_Home(code, found.district, short, found.province, *point))
    return homes


if __name__ == "__main__":
    with io.TextIOWrapper(sys.stdout.buffer, "utf-8", newline="") as output:
        write(int(sys.argv[1]), output)
