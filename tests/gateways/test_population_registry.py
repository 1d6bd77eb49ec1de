"""Looking people up in the embedded registry and in one over HTTP."""

import base64
import json
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from jkn.database import connect, session
from jkn.gateways.population_registry import EmbeddedRegistry, Resident
from jkn.gateways.population_registry_http import HttpRegistry, registry_of
from tests.support.gateways.http_stub import http_stub
from tests.support.gateways.registry_answers import (
    CARD,
    HENDRA,
    NIK,
    OTHER_NIK,
    giving,
    record,
    registry_on,
    without,
)
from tests.support.gateways.sms_gateways import answering
from tests.support.world.connected import ConnectedDatabase, settings_for
from tests.support.world.factories import make_resident, new_nik
from tests.support.world.queries import QueryCounter


def looked_up(**changes: Any) -> Resident:
    """The person whom a registry finds when it writes Hendra with these changes."""
    with http_stub(giving(record(**changes))) as stub:
        found = registry_on(stub).person(NIK)
    assert found is not None
    return found


# The embedded registry


@pytest.mark.usefixtures("database")
def test_the_embedded_registry_knows_a_person_with_all_that_the_table_has() -> None:
    row = make_resident(sex="M", relationship_code=4, rt="012", died_on=None)
    make_resident()
    found = EmbeddedRegistry().person(row.nik)
    assert found is not None
    stored = {name: it for name, it in vars(row).items() if name in asdict(found)}
    assert asdict(found) == {**stored, "is_deceased": False}
    assert (found.sex, found.relationship_code, found.rt) == ("M", 4, "012")


@pytest.mark.usefixtures("database")
def test_the_embedded_registry_knows_nobody_by_another_number() -> None:
    row = make_resident()
    for other in (new_nik(date(1985, 2, 5)), "", f"{row.nik} "):
        assert EmbeddedRegistry().person(other) is None
        assert EmbeddedRegistry().family(other) == []
    assert EmbeddedRegistry().person(row.family_card_number) is None
    assert EmbeddedRegistry().family(row.nik) == []


@pytest.mark.usefixtures("database")
def test_the_embedded_registry_knows_a_whole_family_and_nobody_else() -> None:
    head = make_resident()
    make_resident()
    child = make_resident(
        family_card_number=head.family_card_number, relationship_code=4, died_on=date(2026, 4, 1)
    )
    family = EmbeddedRegistry().family(head.family_card_number)
    assert [(it.nik, it.is_deceased) for it in family] == [(head.nik, False), (child.nik, True)]


def test_the_embedded_registry_finds_what_an_older_key_wrote(database: ConnectedDatabase) -> None:
    row = make_resident()
    newer = base64.b64encode(bytes(range(50, 82))).decode()
    keys = (newer, *database.settings.data_key)
    connect(database.settings.model_copy(update={"data_key": keys}))
    later = make_resident(family_card_number=row.family_card_number)
    assert EmbeddedRegistry().person(row.nik) is not None
    family = EmbeddedRegistry().family(row.family_card_number)
    assert [it.nik for it in family] == [row.nik, later.nik]


@pytest.mark.usefixtures("database")
def test_the_embedded_registry_reads_once_and_changes_nothing(queries: QueryCounter) -> None:
    row = make_resident()
    make_resident(family_card_number=row.family_card_number)
    with queries.at_most(2):
        EmbeddedRegistry().family(row.family_card_number)
        EmbeddedRegistry().person(row.nik)
    assert (list(session.new), list(session.dirty)) == ([], [])


def test_a_resident_that_is_printed_shows_nothing() -> None:
    for shown in (repr(HENDRA), str(HENDRA), f"{[HENDRA]}"):
        for value in asdict(HENDRA).values():
            assert value in (1, "M", False) or str(value) not in shown


# Requests to the registry over HTTP


@pytest.mark.parametrize(
    ("base", "path"),
    [
        ("/get_json", "/get_json/CALL_NIK"),
        ("/dukcapil/get_json/", "/dukcapil/get_json/CALL_NIK"),
        ("/", "/CALL_NIK"),
        ("", "/CALL_NIK"),
    ],
)
def test_a_person_is_asked_for_below_the_base(base: str, path: str) -> None:
    with http_stub(giving(record())) as stub:
        assert registry_on(stub, base).person(NIK) == HENDRA
    (request,) = stub.received
    assert (request.method, request.path) == ("POST", path)
    assert request.headers == {
        "Host": f"127.0.0.1:{stub.port}",
        "Accept-Encoding": "identity",
        "Content-Length": str(len(request.body)),
        "Content-Type": "application/json",
        "Accept": "application/json",
        "Connection": "close",
    }
    login = {"user_id": "the-user", "password": "p@ss/word"}
    assert json.loads(request.body) == {"NIK": NIK, **login}


def test_a_family_is_asked_for_by_its_card_and_comes_in_the_registrys_order() -> None:
    wife = record(NIK=OTHER_NIK, NAMA_LGKP="RATNA", JENIS_KLMIN="Perempuan", STAT_HBKEL="3")
    with http_stub(giving(wife, record())) as stub:
        family = registry_on(stub).family(CARD)
    ratna = replace(HENDRA, nik=OTHER_NIK, name="RATNA", sex="F", relationship_code=3)
    assert family == [ratna, HENDRA]
    (request,) = stub.received
    assert request.path == "/get_json/CALL_KK"
    login = {"user_id": "the-user", "password": "p@ss/word"}
    assert json.loads(request.body) == {"NO_KK": CARD, **login}


@pytest.mark.parametrize(
    "number",
    ["", "327605170384000", "32760517038400011", "3276 0517 0384 0001", "٣" * 16, "x" * 16],
)
def test_a_number_that_nobody_has_is_not_asked_for(number: str) -> None:
    with http_stub(answering(500)) as stub:
        registry = registry_on(stub)
        assert (registry.person(number), registry.family(number)) == (None, [])
    assert stub.received == []


# Its answers


@pytest.mark.parametrize(
    "content",
    [
        [],
        [{"RESPON": "Data Tidak Ditemukan"}],
        [{"RESPON": "NIK tidak terdapat di database Kependudukan", "RESPONSE_CODE": "13"}],
        [{"RESPON": "Data ditemukan, status non aktif, hubungi Dinas Dukcapil"}],
        [{"RESPON": "Data ditemukan, meninggal dunia"}],
        [{**dict.fromkeys(record(), None), "RESPON": "Data Tidak Ditemukan"}],
        [{**dict.fromkeys(record(), ""), "RESPON": "Data Tidak Ditemukan"}],
    ],
)
def test_an_answer_with_a_message_alone_means_that_nobody_was_found(content: list[object]) -> None:
    with http_stub(giving(*content)) as stub:
        registry = registry_on(stub, failures=1)
        for _ in range(2):
            assert (registry.person(NIK), registry.family(CARD)) == (None, [])
    # Finding nobody is no failure, however often.
    assert len(stub.received) == 4


@pytest.mark.parametrize(
    ("said", "is_deceased"),
    [
        (None, False),
        ("", False),
        ("Data Ditemukan", False),
        ("Meninggal", True),
        ("DATA DITEMUKAN, MENINGGAL DUNIA", True),
    ],
)
def test_a_message_beside_the_data_says_who_died(said: str | None, is_deceased: bool) -> None:
    assert looked_up(RESPON=said) == replace(HENDRA, is_deceased=is_deceased)
    with http_stub(giving(without("RESPON"))) as stub:
        assert registry_on(stub).family(CARD) == [HENDRA]


def test_one_who_died_is_a_member_of_the_family_still() -> None:
    late = record(NIK=OTHER_NIK, RESPON="meninggal")
    with http_stub(giving(record(), late)) as stub:
        family = registry_on(stub).family(CARD)
    assert [it.is_deceased for it in family] == [False, True]


def test_numbers_may_be_written_as_numbers_or_as_text() -> None:
    as_numbers = {
        "NIK": int(NIK), "NO_KK": int(CARD), "JENIS_KLMIN": 1, "STAT_HBKEL": 1, "NO_RT": 3,
        "NO_RW": 8, "NO_PROP": 32, "NO_KAB": 76, "NO_KEC": 5, "NO_KEL": 1004, "KODE_POS": 16411,
    }  # fmt: skip
    as_text = {name: str(it) for name, it in as_numbers.items()}
    padded = {"NO_RT": "003", "NO_RW": " 08 ", "NO_KEC": "05", "STAT_HBKEL": "01"}
    for written in (as_numbers, as_text, padded):
        assert looked_up(**written) == HENDRA


@pytest.mark.parametrize(
    ("written", "birth_date"),
    [
        ("1984-03-17", date(1984, 3, 17)),
        ("17-03-1984", date(1984, 3, 17)),
        ("02-01-2003", date(2003, 1, 2)),
        ("2024-02-29", date(2024, 2, 29)),
        # It is still the 3rd in Greenwich when a child is born on the 4th in Jayapura.
        ("2026-05-04", date(2026, 5, 4)),
    ],
)
def test_days_are_written_in_two_ways(written: str, birth_date: date) -> None:
    assert looked_up(TGL_LHR=written).birth_date == birth_date


@pytest.mark.parametrize(
    ("written", "sex"),
    [
        *dict.fromkeys(["Laki-Laki", "LAKI-LAKI", "laki - laki", "L", "l", 1, "1"], "M").items(),
        *dict.fromkeys(["Perempuan", "PEREMPUAN", "P", "p", 2, "2"], "F").items(),
    ],
)
def test_the_sexes_are_written_in_many_ways(written: object, sex: str) -> None:
    assert looked_up(JENIS_KLMIN=written).sex == sex


def test_every_place_in_a_family_is_known() -> None:
    codes = list(range(1, 12))
    assert [looked_up(STAT_HBKEL=it).relationship_code for it in codes] == codes


def test_small_numbers_of_places_are_filled_up() -> None:
    found = looked_up(NO_PROP=11, NO_KAB="1", NO_KEC=1, NO_KEL=7, NO_RT=0, NO_RW=120)
    assert (found.village_code, found.rt, found.rw) == ("11.01.01.0007", "000", "120")


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("NUR`AINI", "NUR`AINI"),
        ("'Aisyah", "'Aisyah"),
        ("Ma’ruf", "Ma’ruf"),
        ("H.M. YUSUF, S.H.", "H.M. YUSUF, S.H."),
        ("SITI-AMINAH (ALM)", "SITI-AMINAH (ALM)"),
        ("Y", "Y"),
        ("José", "José"),
        ("Jose\u0301", "José"),
        ("  HENDRA   WIBOWO ", "HENDRA WIBOWO"),
        ("A" * 100, "A" * 100),
    ],
)
@pytest.mark.parametrize(
    ("field", "attribute"),
    [("NAMA_LGKP", "name"), ("NAMA_LGKP_IBU", "mother_name"), ("TMPT_LHR", "birth_place")],
)
def test_names_that_people_have_are_taken_as_they_are(
    field: str, attribute: str, written: str, name: str
) -> None:
    assert getattr(looked_up(**{field: written}), attribute) == name


@pytest.mark.parametrize(
    "street", ['JL. "MELATI" & CO #4/2: A+B; RT 1', "KP. CISALAK, GG. H. ABDUL (BLOK B-12)", "4"]
)
def test_addresses_are_taken_as_they_are(street: str) -> None:
    assert looked_up(ALAMAT=street).street == street


@pytest.mark.parametrize("field", ["PROP_NAME", "KAB_NAME", "KEC_NAME", "KEL_NAME", "AGAMA"])
@pytest.mark.parametrize("value", [None, "<img>\r\n", ["x"], {"a": 1}], ids=repr)
def test_fields_that_are_not_read_may_hold_anything(field: str, value: object) -> None:
    assert looked_up(**{field: value}) == HENDRA


# From settings to registries


def test_without_an_address_the_embedded_registry_answers() -> None:
    settings = settings_for("sqlite://", Path("assets"), {})
    assert isinstance(registry_of(settings), EmbeddedRegistry)


def test_from_settings_to_a_registry_on_this_machine() -> None:
    with http_stub(giving(record())) as stub:
        url = f"http://u:p@127.0.0.1:{stub.port}/get_json"
        registry = registry_of(settings_for("sqlite://", Path("assets"), {"registry_url": url}))
        assert isinstance(registry, HttpRegistry)
        assert registry.person(NIK) == HENDRA
