"""Importing an operator's list: what is added, changed, mended, refused and closed."""

import io
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from jkn.database import session
from jkn.models import Facility, FacilityKind, FacilityWord
from jkn.services.basics.clock import JAKARTA
from jkn.services.facilities.csv_records import UnreadableFileError
from jkn.services.facilities.facility_import import ImportOptions, Outcome, import_list
from tests.support.world.clock import Clock
from tests.support.world.factories import make_facility, make_participant

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.both_databases]

HEADER = "Kode Faskes,Jenis Faskes,Nama Faskes,Kab/Kota,Kecamatan,Lintang,Bujur,Telp,Kapasitas"
LINE = {
    "code": "0032B001",
    "kind": "Klinik Pratama",
    "name": "Klinik Mekar Jaya",
    "regency": "Kota Depok",
    "district": "Sukmajaya",
    "latitude": "-6.39",
    "longitude": "106.84",
    "phone": "(021) 7781234",
    "capacity": "4.500",
}


def line(**changes: str) -> str:
    return ",".join(f'"{it}"' for it in {**LINE, **changes}.values())


def imported(
    *lines: str, header: str = HEADER, refused: dict[int, str] | None = None, **options: Any
) -> Outcome:
    """Import these lines below the header; what is refused is collected, or must be nothing."""
    told: dict[int, str] = {}
    data = "\r\n".join([header, *lines, ""]).encode()
    outcome = import_list(
        io.BytesIO(data),
        ImportOptions(**options),
        tell_refused=told.__setitem__,
        tell_note=lambda _line, _note: None,
    )
    session.expunge_all()
    if refused is None:
        assert told == {}
    else:
        refused.update(told)
    return outcome


def why_refused(text: str, **options: Any) -> str:
    """Why the one line is refused."""
    refused: dict[int, str] = {}
    assert imported(text, refused=refused, **options).refused == 1
    assert session.scalars(select(Facility)).all() == []
    return refused[2]


def facility(code: str = "0032B001") -> Facility:
    return session.get_one(Facility, code)


def words(code: str = "0032B001") -> set[str]:
    found = select(FacilityWord.word).where(FacilityWord.facility_code == code)
    return set(session.scalars(found))


def seen() -> Mapping[str, tuple[str, bool]]:
    """Each facility's name, and whether it is open without an end."""
    return {it.code: (it.name, it.open_until is None) for it in session.scalars(select(Facility))}


def test_a_new_facility_is_added_with_what_the_list_says() -> None:
    outcome = imported(line())
    assert (outcome.added, outcome.changed, outcome.unchanged) == (1, 0, 0)
    assert not outcome.notes
    it = facility()
    assert (it.kind, it.name) == (FacilityKind.PRIMARY_CLINIC, "Klinik Mekar Jaya")
    assert (it.regency_code, it.district_code) == ("32.76", "32.76.05")
    assert (it.latitude, it.longitude, it.is_point_exact) == (-6.39, 106.84, True)
    assert (it.phone, it.capacity, it.enrolled) == ("(021) 7781234", 4500, 0)
    assert (it.address, it.open_from, it.open_until) == ("", None, None)
    assert {"mekar", "jaya", "ekar", "aya"} <= words()
    assert "klinik" not in words()


def test_the_same_list_again_changes_nothing() -> None:
    imported(line(), line(code="00320001"))
    outcome = imported(line(), line(code="00320001"))
    assert (outcome.added, outcome.changed, outcome.unchanged) == (0, 0, 2)


def test_a_facility_that_opens_later_is_not_changed_by_the_same_list_again(clock: Clock) -> None:
    clock.set(datetime(2026, 5, 3, 12, 0, tzinfo=JAKARTA))
    header, opens_later = HEADER + ",Buka Sejak", line() + ",2026-06-01"
    imported(opens_later, header=header)
    again = imported(opens_later, header=header)
    assert (again.changed, again.unchanged) == (0, 1)


def test_a_known_facility_is_updated_and_who_is_enrolled_stays() -> None:
    make_facility(code="0032B001", enrolled=77, address="Jalan Lama", name="Klinik Lama")
    make_participant(primary_facility_code="0032B001")
    assert imported(line(name="Klinik Baru Sekali")).changed == 1
    it = facility()
    assert (it.name, it.enrolled, it.capacity) == ("Klinik Baru Sekali", 77, 4500)
    assert it.address == "Jalan Lama", "the list has no such column"
    assert "lama" not in words()
    assert "sekali" in words()


@pytest.mark.parametrize(
    ("changes", "regency_code", "told"),
    [
        ({}, "32.76", []),
        ({"district": ""}, "32.76", []),
        ({"district": "Antah"}, "32.76", ["district not found: kept without"]),
        ({"regency": "Berantah", "district": ""}, None, ["regency not found: kept without"]),
    ],
)
def test_a_place_that_nobody_knows_is_told_and_left_out(
    changes: dict[str, str], regency_code: str | None, told: list[str]
) -> None:
    outcome = imported(line(**changes))
    assert list(outcome.notes) == told
    found = facility()
    assert found.regency_code == regency_code
    assert found.district_code == ("32.76.05" if not changes else None)


def test_a_missing_capacity_means_room() -> None:
    imported(line(capacity=""), line(code="00320001", capacity="-"))
    assert (facility().capacity, facility("00320001").capacity) == (None, None)


def test_the_longest_name_and_the_most_people_are_taken() -> None:
    imported(line(name="K" * 200, capacity="10.000.000"))
    assert (facility().name, facility().capacity) == ("K" * 200, 10_000_000)


def test_columns_and_kinds_can_be_named() -> None:
    header = HEADER.replace("Kode Faskes", "id").replace("Nama Faskes", "Bangunan")
    text = line(kind="Poliklinik Desa")
    chosen = {"code": "ID", "name": "bangunan"}
    kinds = {"poliklinik desa": FacilityKind.DOCTOR}
    assert imported(text, header=header, columns=chosen, kinds=kinds).added == 1
    assert facility().kind is FacilityKind.DOCTOR


def test_of_two_columns_with_one_name_the_chosen_one_counts() -> None:
    header = HEADER + ",NAMA_FASKES"
    imported(line() + ",Klinik Lain", header=header, columns={"name": "NAMA_FASKES"})
    assert facility().name == "Klinik Lain"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"code": "-"}, "code: “” is none; it has 8 characters, zeros in front included"),
        ({"code": "32001"}, "code: “32001” is none"),
        ({"code": "00 320001"}, "code: “00 320001” is none"),
        ({"code": "٠٠٣٢٠٠٠١"}, "is none"),
        ({"code": "'; DROP--"}, "is none"),
        ({"kind": "Klinik"}, "kind: “Klinik” is not known; --kind tells what it means"),
        ({"kind": ""}, "kind: “” is not known"),
        ({"name": "58"}, "name: “58” is none"),
        ({"name": "=HYPERLINK(1)"}, "name: it is a formula"),
        ({"name": "@SUM(A1)"}, "name: it is a formula"),
        ({"name": "Klinik\u202eA"}, "name: it holds a character that cannot be printed"),
        ({"name": "Klinik \x1b[31m"}, "name: it holds a character that cannot be printed"),
        ({"name": "K" * 201}, "name: it is longer than 200 characters"),
        ({"capacity": "banyak"}, "capacity: “banyak” is no number of people"),
        ({"capacity": "-5"}, "capacity: “-5” is no number of people"),
        ({"capacity": "10.000.001"}, "capacity: “10.000.001” is no number of people"),
        ({"capacity": '1","2'}, "it has 10 cells, the header 9"),
    ],
)
def test_a_line_that_makes_no_sense_is_refused(changes: dict[str, str], why: str) -> None:
    assert why in why_refused(line(**changes))


def test_a_facility_that_would_close_before_it_opens_is_refused() -> None:
    header, refused = HEADER + ",Buka Sejak,Buka Sampai", dict[int, str]()
    days = (",2026-06-01,2026-05-31", ",2026-06-01,2026-06-01")
    lines = [line(code=f"0032000{number}") + it for number, it in enumerate(days)]
    assert imported(*lines, header=header, refused=refused).added == 1
    assert refused == {2: "open_until: 2026-05-31 is before open_from, 2026-06-01"}
    assert facility("00320001").open_until == date(2026, 6, 1)


def test_a_refused_line_is_named_and_the_others_are_there() -> None:
    refused: dict[int, str] = {}
    outcome = imported(
        line(code="00320001"), line(kind="Salon"), line(code="00320002"), refused=refused
    )
    assert (outcome.added, outcome.refused) == (2, 1)
    assert list(refused) == [3]
    assert seen().keys() == {"00320001", "00320002"}


def test_a_code_that_comes_twice_is_taken_once() -> None:
    refused: dict[int, str] = {}
    imported(line(), line(name="Klinik Lain"), refused=refused)
    assert refused == {3: "code: 0032B001 is on line 2 already"}
    assert facility().name == "Klinik Mekar Jaya"


@pytest.mark.parametrize(
    ("changes", "note"),
    [
        ({"name": "Klinik\r\n Mekar\n Jaya "}, None),
        ({"code": "0032b001"}, None),
        ({"code": '=""0032B001""'}, None),
        ({"code": "OSM-WAY-1"}, "the code has other than 8 characters: kept"),
        ({"name": "Klinik Pratama Mekar Jaya Abad"}, "the name may be cut off: kept"),
        ({"phone": "tidak ada"}, "the phone is no number: left out"),
        ({"regency": "Kab. Depok"}, "regency found under another name"),
        ({"regency": "Bukan Kota"}, "regency not found: kept without"),
        ({"district": "Bukan Kecamatan"}, "district not found: kept without"),
        ({"latitude": "6.39"}, "a minus was lost"),
        ({"latitude": "-"}, None),
    ],
)
def test_what_is_mended_or_looks_wrong_is_counted(
    changes: dict[str, str], note: str | None
) -> None:
    outcome = imported(line(**changes))
    assert outcome.added == 1
    if note:
        assert note in outcome.notes


def test_a_facility_without_coordinates_lies_in_the_middle_of_its_district() -> None:
    outcome = imported(
        line(latitude="-", longitude="-"),
        line(code="00320001", latitude="0", longitude="0", district=""),
        line(code="00320002", latitude="", longitude="", regency="", district=""),
    )
    assert outcome.notes["no coordinates: those of its district or regency"] == 2
    assert outcome.notes["no coordinates and no place: found by its name only"] == 1
    points = {it: facility(it) for it in ("0032B001", "00320001", "00320002")}
    assert {it.is_point_exact for it in points.values()} == {False}
    assert points["00320002"].latitude is None
    assert points["0032B001"].latitude != points["00320001"].latitude


def test_a_dry_run_says_the_same_and_writes_nothing() -> None:
    make_facility(code="0032B001", name="Klinik Lama")
    make_facility(code="00320009")
    lines = (line(), line(code="00320001"))
    dry = imported(*lines, is_dry_run=True, is_full=True, is_confirmed=True)
    assert seen() == {"0032B001": ("Klinik Lama", True), "00320009": (seen()["00320009"][0], True)}
    assert words() == set()
    assert imported(*lines, is_full=True, is_confirmed=True) == dry
    assert (dry.added, dry.changed, dry.closed) == (1, 1, 1)


def open_facilities(count: int) -> list[str]:
    """Lines of so many facilities, after they were imported."""
    lines = [line(code=f"0032{number:04}") for number in range(count)]
    imported(*lines)
    return lines


def test_what_a_full_list_does_not_have_is_closed_and_never_deleted(clock: Clock) -> None:
    lines = open_facilities(60)
    make_participant(primary_facility_code="00320000")
    clock.set(datetime(2026, 5, 3, 0, 30, tzinfo=JAKARTA))
    assert imported(*lines[1:], is_full=True).closed == 1
    assert facility("00320000").open_until == date(2026, 5, 2)
    assert imported(*lines[1:], is_full=True).closed == 0


def test_what_was_closed_opens_when_a_list_has_it_again() -> None:
    lines = open_facilities(60)
    imported(*lines[1:], is_full=True)
    assert imported(*lines, is_full=True).changed == 1
    assert facility("00320000").open_until is None


def test_what_closes_at_the_end_of_today_still_does_though_a_list_has_it() -> None:
    make_facility(code="0032B001", open_until=date(2026, 5, 3))
    imported(line())
    assert facility().open_until == date(2026, 5, 3)


def test_a_line_that_ends_before_its_code_is_refused() -> None:
    code, kind, *others = HEADER.split(",")
    refused: dict[int, str] = {}
    header = ",".join([kind, code, *others])
    assert imported("Klinik Pratama", header=header, refused=refused).refused == 1
    assert "cells" in refused[2]


def test_more_than_two_in_a_hundred_are_closed_on_demand_only() -> None:
    lines = open_facilities(100)
    assert imported(*lines[2:], is_full=True).closed == 2
    outcome = imported(*lines[5:], is_full=True)
    assert (outcome.closed, outcome.would_close) == (0, 3)
    assert imported(*lines[5:], is_full=True, is_confirmed=True).closed == 3


@pytest.mark.parametrize(
    "broken",
    [
        line(code="00320000", kind="Salon"),
        line(code="00320000", name="=1+1"),
        line(code="00320000", name="Klinik\u202e"),
        line(code="00320000") + ",one more",
        '"00320000"',
    ],
    ids=["unknown kind", "formula", "unprintable", "a cell too many", "cells missing"],
)
def test_a_line_that_was_refused_says_that_its_facility_is_there(broken: str) -> None:
    lines = open_facilities(60)
    refused: dict[int, str] = {}
    assert imported(broken, *lines[1:], is_full=True, refused=refused).closed == 0
    assert len(refused) == 1


@pytest.mark.parametrize(
    "broken",
    [
        "\0" + line(code="00320000"),
        line(code="00320000", name='A"" "B'),
        '"' + line(code="00320000")[4:],
        line(code="320000"),
        line(code=""),
    ],
    ids=["NUL", "quotes that do not match", "open quote", "zeros lost", "none"],
)
def test_while_a_code_cannot_be_read_nothing_is_closed_without_yes(broken: str) -> None:
    lines = open_facilities(60)
    outcome = imported(*lines[1:], broken, is_full=True, refused={})
    assert (outcome.closed, outcome.would_close, outcome.without_code) == (0, 1, 1)
    assert not outcome.are_too_many
    confirmed = imported(*lines[1:], broken, is_full=True, is_confirmed=True, refused={})
    assert (confirmed.closed, confirmed.would_close) == (1, 0)


@pytest.mark.parametrize(
    ("header", "columns", "why"),
    [
        ("Nama,Jenis,Alamat", {}, "There is no column for code. The file has: Nama, Jenis, Alamat"),
        (HEADER, {"name": "Judul"}, "There is no column for Judul"),
        ("Kode Faskes,Jenis,Nama\x1b[2J,", {"address": "x"}, "The file has"),
        (HEADER + ",Nama Faskes", {}, "Several columns may be the name: Nama Faskes, Nama Faskes."),
        (HEADER + ",NAMA_FASKES", {}, "Several columns may be the name: Nama Faskes, NAMA_FASKES."),
        (HEADER + ",telp", {"phone": "TELP"}, "Several columns may be the phone: Telp, telp."),
        (HEADER + ",", {"name": "-"}, "There is no column for -"),
        ('"Kode', {}, "The header cannot be read: a quote is not closed"),
    ],
)
def test_a_list_without_its_columns_is_refused_as_a_whole(
    header: str, columns: dict[str, str], why: str
) -> None:
    with pytest.raises(UnreadableFileError) as raised:
        imported(line(), header=header, columns=columns)
    assert why in str(raised.value)
    assert str(raised.value).isprintable()


def test_a_list_that_stops_half_way_goes_on_when_it_is_imported_again() -> None:
    lines = [line(code=f"0032{number:04}") for number in range(600)]

    class Breaks(io.BytesIO):
        def readline(self, size: int | None = -1) -> bytes:
            if self.tell() > 60_000:
                raise OSError("the disk is gone")
            return super().readline(size)

    data = "\r\n".join([HEADER, *lines]).encode()
    with pytest.raises(OSError, match="gone"):
        import_list(
            Breaks(data),
            ImportOptions(),
            tell_refused=lambda _line, _why: None,
            tell_note=lambda _line, _note: None,
        )
    assert len(seen()) == 500
    outcome = imported(*lines)
    assert (outcome.added, outcome.unchanged) == (100, 500)
