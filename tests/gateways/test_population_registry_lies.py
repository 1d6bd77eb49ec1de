"""Registries whose answers cannot be used: other people, incomplete data, or attacks."""

import json
import re
from typing import Any

import pytest

from jkn.gateways.population_registry import Away
from tests.support.gateways.http_stub import http_stub
from tests.support.gateways.registry_answers import (
    ASKS,
    BOTH,
    CARD,
    NIK,
    OTHER_NIK,
    Ask,
    away,
    body_of,
    giving,
    record,
    registry_on,
    without,
)
from tests.support.gateways.sms_gateways import answering

NO_ANSWERS: dict[str, bytes] = {
    "nothing": b"",
    "html": b"<html><body>Masuk dahulu</body></html>",
    "half of one": body_of(record())[:-1],
    "two of them": body_of(record()) * 2,
    "a list": json.dumps([record()]).encode(),
    "a person alone": json.dumps(record()).encode(),
    "null": b"null",
    "no list": b'{"content": {"0": {}}}',
    "null for a list": b'{"content": null}',
    "a list under another name": b'{"Content": []}',
    "not utf-8": body_of(record()).replace(b"DEPOK", b"D\xe9POK"),
    "utf-16": body_of(record()).decode().encode("utf-16"),
    "a list of words": b'{"content": ["Data Tidak Ditemukan"]}',
    "a person and a word": body_of(record(), "x"),
    "nested without end": b'{"content": ' + b"[" * 60_000,
    "a number without end": b'{"content": ' + b"9" * 5000 + b"}",
    "two megabytes": body_of(record(NAMA_LGKP="A" * 2_000_000)),
}


@BOTH
@pytest.mark.parametrize("body", NO_ANSWERS.values(), ids=NO_ANSWERS.keys())
def test_what_is_no_list_of_people_is_away(body: bytes, ask: Ask) -> None:
    with http_stub(answering(200, body)) as stub, away("^no (JSON|list of people)$"):
        ask(registry_on(stub))


@BOTH
@pytest.mark.parametrize(
    "said",
    [
        "Login gagal",
        "User ID atau Password salah",
        "IP Address Tidak Sesuai",
        "IP Client  Tidak terdaftar",
        "KUOTA AKSES HARI INI TELAH HABIS",
        "Terjadi gangguan, silakan coba lagi",
    ],
)
def test_a_message_about_us_does_not_say_that_nobody_is_there(said: str, ask: Ask) -> None:
    with http_stub(giving({"RESPON": said})) as stub, away("^refused or out of order"):
        ask(registry_on(stub))


@BOTH
@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ([{}], "missing"),
        ([{"RESPON": ""}], "missing"),
        ([{"RESPON": ["Data Tidak Ditemukan"]}], "RESPON: missing"),
        ([{"RESPON": "Data\r\nTidak Ditemukan"}], "RESPON: hidden characters"),
        ([{"RESPON": "x" * 300}], "RESPON: too long"),
        ([{"RESPON": "Data Tidak Ditemukan"}] * 2, "missing"),
        ([{"RESPON": "Data Tidak Ditemukan"}, record()], "missing"),
        ([record(), {"RESPON": "Data Tidak Ditemukan"}], "missing"),
        ([{"RESPON": "Data Tidak Ditemukan", "NAMA_LGKP": "HENDRA"}], "missing"),
    ],
)
def test_half_a_message_is_away(content: list[object], problem: str, ask: Ask) -> None:
    with http_stub(giving(*content)) as stub, away(problem):
        ask(registry_on(stub))


# Other people

LIES: dict[str, tuple[str, list[dict[str, Any]]]] = {
    "another person": ("person", [record(NIK=OTHER_NIK)]),
    "another person beside": ("person", [record(), record(NIK=OTHER_NIK)]),
    "the person twice": ("person", [record(), record()]),
    "another family": ("family", [record(NO_KK=OTHER_NIK)]),
    "a member of another family": ("family", [record(), record(NIK=OTHER_NIK, NO_KK=OTHER_NIK)]),
    "a member twice": ("family", [record(), record(NAMA_LGKP="BUDI", STAT_HBKEL=4)]),
    "a member twice, as text and number": ("family", [record(), record(NIK=int(NIK))]),
}


@pytest.mark.parametrize(("asked", "content"), LIES.values(), ids=LIES.keys())
def test_a_person_who_was_not_asked_for_is_refused(
    asked: str, content: list[dict[str, Any]]
) -> None:
    with http_stub(giving(*content)) as stub, away("another one|the same one twice"):
        ASKS[asked](registry_on(stub))


# Fields that cannot be used

NEEDED = sorted(set(record()) - {"PROP_NAME", "KAB_NAME", "KEC_NAME", "KEL_NAME", "RESPON"})
WORDS = ["NAMA_LGKP", "NAMA_LGKP_IBU", "TMPT_LHR", "ALAMAT"]
HIDDEN = [
    "Budi\r\nBcc: x", "Budi\nX", "Budi\rX", "Budi\tX", "Budi\x00", "Budi\x1b[31m", "Budi\x7f",
    "Budi\x85X", "Budi\u2028X", "Bu\u200bdi", "\u202eidub", "\ufeffBudi", "Bu\u00addi",
    "Budi\u00a0X", "Budi\ud800", "Budi\ue000", "Budi\U000e0041",
]  # fmt: skip
NO_WORDS = [
    "   ", "{{7*7}}", "${7*7}", "<img src=x onerror=alert(1)>", "Budi<b>", "Budi = Ani",
    "\" hx-get=\"/keluar", "Budi\\", "Budi|Ani", "Bu@di.example", "https://x.example/?a", "Budi 😀",
    "Бuди", "بودي", "Z\u0351\u036b", "B" * 300,
]  # fmt: skip
NO_NAMES = ["-", ".", "' '", "Budi2", "١٢٣", "Budi: Ani", 'Budi "X"', "B" * 101, 7]
FORMS = {
    "NIK": ["327605170384000", "٣٢٧٦٠٥١٧٠٣٨٤٠٠٠١", f"{NIK}0", "3276 0517 0384 0001", float(NIK)],
    "NO_KK": ["0", "-276051402120001", "327605140212000x"],
    "TGL_LHR": ["17/03/1984", "1984-3-17", "19840317", "1984-02-30", "2026-05-05", "2984-03-17",
                "0001-01-01", "1849-12-31", "17-03-84", "1984-W11-6", "١٩٨٤-03-17", 19840317],
    "JENIS_KLMIN": ["X", 0, 3, "LP", "Laki-Laki Perempuan"],
    "STAT_HBKEL": [0, 12, -1, "KEPALA", 1.0, "٣", 99_999],
    "NO_RT": [1000, -1, "A", "00003"],
    "NO_RW": [1000, "1/2"],
    "NO_PROP": [0, 100, "JB"],
    "NO_KAB": [0, 100],
    "NO_KEC": [0, 100],
    "NO_KEL": [0, 10_000, "1004\n"],
    "KODE_POS": [0, 1641, 164_111, "16 411", "16411\n"],
    "RESPON": ["Meninggal\r\nX", "x" * 300, 1.5, ["meninggal"], True],
}  # fmt: skip
UNUSABLE: dict[str, list[object]] = {
    field: [
        *((None, True, [], {}, "") if field in NEEDED else ()),
        *(HIDDEN + NO_WORDS if field in WORDS else ()),
        *(NO_NAMES if field in WORDS[:3] else ()),
        *FORMS.get(field, []),
    ]
    for field in (*NEEDED, "RESPON")
}


@pytest.mark.parametrize("field", UNUSABLE)
def test_what_a_field_cannot_hold_is_refused(field: str) -> None:
    ask = ASKS["family" if field == "NIK" else "person"]
    problems: dict[str, str] = {}
    with http_stub(answering(500)) as stub:
        registry = registry_on(stub)
        for value in UNUSABLE[field]:
            stub.behave = giving(record(**{field: value}))
            try:
                ask(registry)
            except Away as refusal:
                problems[ascii(value)] = refusal.problem
            else:
                problems[ascii(value)] = "taken"
    assert len(problems) == len(UNUSABLE[field]) >= 5
    # The problem is in words of ours, and repeats nothing of the field.
    ours = re.compile(
        f"{field}: (missing|too long|hidden characters|not what it should be"
        "|no such number|no such day|neither)"
    )
    assert {value: it for value, it in problems.items() if not ours.fullmatch(it)} == {}


@pytest.mark.parametrize("field", NEEDED)
def test_a_field_that_is_missing_spoils_the_whole_family(field: str) -> None:
    spoilt = {**without(field), **({} if field == "NIK" else {"NIK": OTHER_NIK})}
    with http_stub(giving(record(), spoilt)) as stub, away(f"^{field}: missing$"):
        registry_on(stub).family(CARD)
