"""`flask facilities import`, as an operator runs it."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, Engine, event, insert, select

from jkn.database import session
from jkn.models import Facility, FacilityKind
from tests.support.world.commands import Flasks, run_in
from tests.support.world.factories import make_facility

HEADER = "kode,jenis,nama,kota,lintang,bujur\n"
GOOD = "00320001,Puskesmas,Puskesmas Sukamaju,Kota Depok,6.40,106.8\n"
# As another import adds it at the same moment.
OVERTAKING = {
    "code": "00320001",
    "kind": FacilityKind.PUSKESMAS,
    "name": "Puskesmas Sukamaju",
    "address": "",
    "enrolled": 0,
    "is_point_exact": False,
}


@pytest.fixture
def flask(app: Flask) -> Flasks:
    return lambda *words: run_in(app, *words)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "faskes.csv"
    path.write_text(HEADER + GOOD + "00320002,Salon,Salon Ayu,Kota Depok,-,-\n")
    return path


def test_it_says_what_was_done_and_what_was_skipped(flask: Flasks, file: Path) -> None:
    result = flask("facilities", "import", str(file))
    assert result.exit_code == 0
    assert "Line 3: kind: “Salon” is not known; --kind tells what it means" in result.output
    assert "       1  a minus was lost" in result.output
    assert "1 added, 0 changed, 0 unchanged, 1 lines skipped, 0 closed." in result.output
    assert "Line 2" not in result.output
    again = flask("facilities", "import", str(file), "--details", "--kind", "Salon=pharmacy")
    assert "Line 2: a minus was lost" in again.output
    assert "1 added, 0 changed, 1 unchanged, 0 lines skipped, 0 closed." in again.output
    kinds = set(session.scalars(select(Facility.kind)))
    assert kinds == {FacilityKind.PUSKESMAS, FacilityKind.PHARMACY}


def test_a_dry_run_writes_nothing(flask: Flasks, file: Path) -> None:
    result = flask("facilities", "import", str(file), "--dry-run")
    assert "1 would be added, 0 would be changed" in result.output
    assert session.scalars(select(Facility)).all() == []


@pytest.mark.both_databases
def test_an_import_that_another_one_overtook_says_so(flask: Flasks, file: Path) -> None:
    still_to_come = [OVERTAKING]

    def overtake(connection: Connection, _cursor: Any, statement: str, *_rest: Any) -> None:
        if still_to_come and statement.startswith("INSERT INTO facilities"):
            connection.execute(insert(Facility), still_to_come.pop())

    event.listen(Engine, "before_cursor_execute", overtake)
    try:
        result = flask("facilities", "import", str(file))
    finally:
        event.remove(Engine, "before_cursor_execute", overtake)
    assert result.exit_code == 1
    assert "Another import adds the same facilities now." in result.output
    assert flask("facilities", "import", str(file)).exit_code == 0


def test_too_many_closings_are_refused_without_yes(flask: Flasks, file: Path) -> None:
    make_facility()
    result = flask("facilities", "import", str(file), "--full")
    assert result.exit_code == 1
    assert (
        "1 facilities are not in the file, more than 2 % of those that are open." in result.output
    )
    assert "0 closed." in result.output
    assert "1 closed." in flask("facilities", "import", str(file), "--full", "--yes").output


def test_closings_are_refused_while_a_code_cannot_be_read(flask: Flasks, file: Path) -> None:
    codes = [make_facility().code for _ in range(51)]
    others = [GOOD.replace("00320001", it) for it in codes[1:]]
    file.write_text("".join([HEADER, *others, GOOD.replace("00320001", "320001")]))
    result = flask("facilities", "import", str(file), "--full")
    assert result.exit_code == 1
    assert (
        "1 facilities are not in the file. Their lines may be among the 1 that have no readable"
        " code. None of them was closed; --yes closes them." in result.output
    )


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--column", "kode"], "must look like name=value"),
        (["--column", "warna=kode"], "“warna” is none of: code, kind, name"),
        (["--column", "code=Nomor"], "There is no column for Nomor. The file has: kode, jenis"),
        (["--kind", "Salon=salon"], "“salon” is none of: puskesmas, primary_clinic"),
        (["--encoding", "utf-9"], "“utf-9” is not known"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_is_read(
    flask: Flasks, file: Path, words: list[str], why: str
) -> None:
    result = flask("facilities", "import", str(file), *words)
    assert result.exit_code in (1, 2)
    assert why in " ".join(result.output.split())
    assert session.scalars(select(Facility)).all() == []


def test_a_file_that_is_not_there_is_named(flask: Flasks, tmp_path: Path) -> None:
    result = flask("facilities", "import", str(tmp_path / "nothing.csv"))
    assert result.exit_code == 2
    assert "does not exist" in result.output
