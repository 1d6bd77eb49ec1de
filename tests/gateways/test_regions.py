"""Regions, NIK and mobile numbers, with the real library behind the gateway."""

import csv
import subprocess
import sys
from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jkn.gateways import regions
from jkn.gateways.regions import (
    NikParts,
    current_code,
    dotted_code,
    parse_mobile_number,
    parse_nik,
    province_before,
)
from jkn.settings import ROOT

TODAY = date(2026, 11, 21)


REGIONS = list(regions.everything())
OLD_CODES = list(
    csv.DictReader((ROOT / "jkn" / "gateways" / "old_region_codes.csv").read_text().splitlines())
)


MOVED = [it for it in OLD_CODES if it["code"]]


@pytest.mark.parametrize("old", MOVED, ids=lambda it: str(it["old_code"]))
def test_an_old_code_has_a_new_one_in_another_province(old: dict[str, str]) -> None:
    names = {code: name for code, name, _ in REGIONS}
    assert current_code(old["old_code"]) == old["code"]
    assert names[old["code"]].removeprefix("Kabupaten ") == old["name"]
    assert names[old["code"][:2]] != old["old_province"] == province_before(old["old_code"])


def test_every_regency_of_a_province_that_was_split_off_had_an_old_code() -> None:
    split_off = "65 76 93 94 95 96".split()
    regencies = [code for code, _, _ in REGIONS if len(code) == 5 and code[:2] in split_off]
    # Mamuju Tengah came into being when Sulawesi Barat was there.
    assert sorted(it["code"] for it in MOVED) == [it for it in sorted(regencies) if it != "76.06"]


def test_an_old_code_that_names_another_place_today_is_never_mapped() -> None:
    """Batam was 21.05 in a list of about 2007, Sorong 91.06 and Tidore 82.07 in one of 2004."""
    assert {"21.05", "91.06", "82.07"} < {code for code, _, _ in REGIONS}
    changed = [
        code for code, _, _ in REGIONS if current_code(code) != code or province_before(code)
    ]
    assert changed == []


def test_a_number_that_a_province_has_left_out_is_an_old_code() -> None:
    """Regencies are numbered from 01 and cities from 71, without gaps: where one is missing today,
    it has left the province. So there is no other old code that names nothing today."""
    used = {code for code, _, _ in REGIONS if len(code) == 5}
    old = {it["old_code"] for it in MOVED}
    for code in used | old:
        before = f"{code[:2]}.{int(code[3:]) - 1:02}"
        assert code[3:] in ("01", "71") or before in used | old, code


@pytest.mark.parametrize("code", ["54", "54.03", "54.03.05", "54.03.05.2001"])
def test_timor_timur_has_a_name_and_no_code_of_today(code: str) -> None:
    assert current_code(code) == code
    assert province_before(code) == "Timor Timur"


@pytest.mark.parametrize(
    ("code", "regency"),
    [
        ("92.01.05", "96.01"),
        ("92.01.05.2003", "96.01"),
        ("92.01", "96.01"),
        ("64.73.01.1001", "65.71"),
        ("73.25.01", "76.01"),
    ],
)
def test_below_the_regency_nobody_guesses_what_became_of_an_old_code(
    code: str, regency: str
) -> None:
    """Districts were numbered anew: Salawati was 92.01.05, but 96.01.05 is Aimas."""
    assert current_code(code) == regency


@pytest.mark.parametrize(
    "code", ["32.76.05.1004", "91.03", "91", "92.02.05", "64", "99", "", "x", "5403", "54x", "540"]
)
def test_any_other_code_stays_as_it_is(code: str) -> None:
    assert current_code(code) == code
    assert province_before(code) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("9601", "96.01"),
        ("96.01", "96.01"),
        ("32", "32"),
        ("327605", "32.76.05"),
        ("3276051004", "32.76.05.1004"),
        ("32.76.05.1004", "32.76.05.1004"),
        ("327", None),
        ("3276051", None),
        ("32.7605", None),
        ("", None),
        ("٣٢٧٦", None),
        ("32\n", None),
    ],
)
def test_a_code_is_read_with_its_dots_and_without(text: str, code: str | None) -> None:
    assert dotted_code(text) == code


def test_everything_is_every_region_with_the_postal_codes_of_villages() -> None:
    levels = Counter(len(code) for code, _, _ in REGIONS)
    assert levels == {2: 38, 5: 514, 8: 7285, 13: 83762}
    assert ("32.76.05.1004", "Mekarjaya", "16411") in REGIONS
    assert {len(postal) for code, _, postal in REGIONS if len(code) == 13} == {5}
    assert {postal for code, _, postal in REGIONS if len(code) < 13} == {""}


@pytest.mark.parametrize(
    ("nik", "expected"),
    [
        ("3276051703840001", NikParts("32.76.05", date(1984, 3, 17), "M")),
        ("3276054211860002", NikParts("32.76.05", date(1986, 11, 2), "F")),
        ("7306026902440004", NikParts("73.06.02", date(1944, 2, 29), "F")),
    ],
)
def test_a_nik_says_district_birth_date_and_sex(nik: str, expected: NikParts) -> None:
    assert parse_nik(nik, today=TODAY) == expected


@pytest.mark.parametrize(
    ("day_of_nik", "year"),
    [("211126", 2026), ("221126", 1926), ("010127", 1927), ("311299", 1999), ("290200", 2000)],
)
def test_the_two_digit_year_is_the_latest_one_that_has_come(day_of_nik: str, year: int) -> None:
    parts = parse_nik(f"327605{day_of_nik}0001", today=TODAY)
    assert parts is not None
    assert parts.birth_date.year == year


def test_a_district_of_the_past_is_no_reason_to_refuse_a_nik() -> None:
    assert "32.76.77" not in {code for code, _, _ in REGIONS}
    assert parse_nik("3276771703840001", today=TODAY) is not None


@pytest.mark.parametrize("province", ["54", "10", "99"])
def test_a_province_of_the_past_is_no_reason_to_refuse_a_nik(province: str) -> None:
    """Timor Timur was 54. Identity cards had other numbers before: 10 was Jawa Barat."""
    parts = parse_nik(f"{province}03051703840001", today=TODAY)
    assert parts == NikParts(f"{province}.03.05", date(1984, 3, 17), "M")


@pytest.mark.parametrize(
    "nik",
    [
        "327605170384001",
        "32760517038400011",
        "3276053002840001",  # 30 February
        "3276050003840001",
        "3276051713840001",
        "5400051703840001",
        "3276051703840000",
        "3276-0517-0384-0001",
        "3276051703840001\n",
        "٣٢٧٦٠٥١٧٠٣٨٤٠٠٠١",
        "３２７６０５１７０３８４０００１",
        "",
    ],
)
def test_what_cannot_be_a_nik_has_no_parts(nik: str) -> None:
    assert parse_nik(nik, today=TODAY) is None


@pytest.mark.parametrize(
    "text",
    [
        "081234567890",
        "0812 3456 7890",
        "0812-3456-7890",
        "(0812) 3456.7890",
        "+62 812 3456 7890",
        "+6281234567890",
        "62 812-3456-7890",
        "6281234567890",
        "+62 0812 3456 7890",
        "812 3456 7890",
        "\u00a00812\u00a03456\u00a07890 ",
    ],
)
def test_every_usual_way_of_writing_a_mobile_number_is_one_number(text: str) -> None:
    assert parse_mobile_number(text) == "+6281234567890"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("081234567", None),
        ("0812345678", "+62812345678"),
        ("0812345678901", "+62812345678901"),
        ("08123456789012", None),
    ],
)
def test_a_mobile_number_has_10_to_13_digits(text: str, expected: str | None) -> None:
    assert parse_mobile_number(text) == expected


def test_a_prefix_that_no_operator_has_yet_is_accepted() -> None:
    assert parse_mobile_number("0854 0000 0101") == "+6285400000101"


@pytest.mark.parametrize(
    "text",
    [
        "(021) 555-1234",
        "0800 1234 5678",
        "0809 1234 5678",
        "+65 8123 4567",
        "0062 812 3456 7890",
        "0812/3456/7890",
        "0812 3456 7890 ext 1",
        "٠٨١٢٣٤٥٦٧٨٩٠",
        "０８１２３４５６７８９０",
        "0812\x003456789",
        "0812\u202d34567890",
        "\ud800",
        "orang@contoh.id",
        "0",
        "+",
        "+62",
        "62",
        "8",
        "",
        "0" * 100_000,
    ],
)
def test_what_is_no_indonesian_mobile_number_is_refused(text: str) -> None:
    assert parse_mobile_number(text) is None


@given(st.text())
def test_any_text_is_a_mobile_number_or_none_and_never_an_error(text: str) -> None:
    number = parse_mobile_number(text)
    assert number is None or parse_mobile_number(number) == number


@given(st.from_regex(r"\A[0-9]{16}\Z"))
def test_any_sixteen_digits_have_parts_that_lead_back_to_them_or_none(nik: str) -> None:
    parts = parse_nik(nik, today=TODAY)
    if parts is None:
        return
    day_in_nik = parts.birth_date.day + (40 if parts.sex == "F" else 0)
    assert nik[:6] == parts.district_code.replace(".", "")
    assert nik[6:12] == f"{day_in_nik:02}{parts.birth_date:%m%y}"
    assert parts.birth_date <= TODAY


def test_importing_the_gateway_does_not_import_the_library() -> None:
    code = (
        "import importlib.util, sys\n"
        f"spec = importlib.util.spec_from_file_location('regions', {regions.__file__!r})\n"
        "module = importlib.util.module_from_spec(spec)\n"
        "sys.modules['regions'] = module\n"
        "spec.loader.exec_module(module)\n"
        "assert 'lokal' not in sys.modules\n"
        "assert module.parse_mobile_number('0812 3456 7890') == '+6281234567890'\n"
        "assert 'lokal' in sys.modules\n"
        "from lokal import wilayah\n"
        "assert 'desa' not in wilayah._cache, 'village names were loaded for a phone number'\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
