"""Rules as dated data: what holds on which day."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jkn.models import FacilityKind, ParticipantKind
from jkn.services.basics.dated_rules import (
    autodebit_channels_on,
    care_class_on,
    care_classes_on,
    debit_days_on,
    facility_kinds_on,
    facility_role_on,
    is_so_on,
    price_on,
    rule_book,
    va_prefixes_on,
    value_on,
)
from jkn.services.basics.rule_book import ChannelGroup, Dated, Entry, FacilityRole, Price
from jkn.services.basics.rule_catalogue import Rule
from jkn.services.basics.rule_files import read_rules
from tests.support.world.rule_folders import (
    PACKAGED,
    add_lines,
    bind_rules,
    bring_kris,
    copied_rules,
)

DAY = date(2026, 5, 3)
KRIS = date(2026, 7, 1)
WORKER = ParticipantKind.SELF_EMPLOYED
BOOK = read_rules(PACKAGED, DAY)
HISTORIES = [it for _, table in BOOK.tables() for it in table.values()]


@pytest.fixture(autouse=True)
def _packaged_rules() -> None:
    bind_rules()


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    return copied_rules(tmp_path)


def codes_on(day: date) -> list[str]:
    return [it.code for it in care_classes_on(day)]


def test_the_rules_are_those_of_the_law_in_force() -> None:
    values = {
        Rule.ACCOUNT_YEARS_AT_LEAST: 17,
        Rule.CONTRIBUTION_DUE_DAY: 10,
        Rule.CONTRIBUTION_MONTHS_TO_SUSPENSION: 1,
        Rule.ARREARS_MONTHS_AT_MOST: 24,
        Rule.SUBSIDY_WHILE_SUSPENDED: 0,
        Rule.SURCHARGE_DAYS: 45,
        Rule.SURCHARGE_PERCENT: 5,
        Rule.SURCHARGE_MONTHS_AT_MOST: 12,
        Rule.SURCHARGE_AT_MOST: 30_000_000,
        Rule.FIRST_PAYMENT_FROM_DAY: 14,
        Rule.FIRST_PAYMENT_UNTIL_DAY: 30,
        Rule.NEWBORN_DAYS_TO_ENROL: 28,
        Rule.NEWBORN_MONTHS_TO_GET_A_NIK: 3,
        Rule.CHILD_COVERED_UNTIL_YEARS: 21,
        Rule.STUDENT_COVERED_UNTIL_YEARS: 25,
        Rule.CHILDREN_COVERED_AT_MOST: 3,
        Rule.DISMISSAL_MONTHS_COVERED: 6,
        Rule.SEGMENT_CHANGE_MONTHS_WITHOUT_WAITING: 1,
        Rule.SEGMENT_CHANGE_WAITING_DAYS: 14,
        Rule.FACILITY_MONTHS_AT_LEAST: 3,
        Rule.FACILITY_EARLIER_AFTER_A_MOVE: 1,
        Rule.FACILITY_MONTHS_TO_EFFECT: 1,
        Rule.CARE_CLASS_MONTHS_AT_LEAST: 12,
        Rule.CARE_CLASS_MONTHS_TO_EFFECT: 1,
        Rule.EARLY_DEBIT_DAY: 5,
        Rule.LATE_DEBIT_DAY: 20,
    }
    assert {rule: value_on(rule, DAY) for rule in Rule} == values


def test_every_line_names_the_year_of_its_source() -> None:
    citations = [entry.citation for it in HISTORIES for entry in it.entries]
    assert [it for it in citations if "20" not in it and "article to be found" not in it] == []


def test_before_its_first_day_a_rule_has_no_value() -> None:
    with pytest.raises(LookupError, match=r"contribution\.arrears_months_at_most"):
        value_on(Rule.ARREARS_MONTHS_AT_MOST, date(2020, 6, 30))
    assert value_on(Rule.ARREARS_MONTHS_AT_MOST, date(2020, 7, 1)) == 24


def test_a_new_value_counts_from_its_first_day_on(rules: Path) -> None:
    """The order of the lines in the file does not matter."""
    rule = Rule.CONTRIBUTION_DUE_DAY
    add_lines(rules, "rules.csv", f"{rule},20,2028-01-01,C", f"{rule},15,2027-07-01,B")
    bind_rules(rules)
    for day, value in [
        (date(2019, 1, 1), 10),
        (date(2027, 6, 30), 10),
        (date(2027, 7, 1), 15),
        (date(2027, 12, 31), 15),
        (date(2028, 1, 1), 20),
        (date(2099, 1, 1), 20),
    ]:
        assert value_on(rule, day) == value


def test_a_rule_may_be_a_yes_or_a_no() -> None:
    assert is_so_on(Rule.FACILITY_EARLIER_AFTER_A_MOVE, DAY)
    assert not is_so_on(Rule.SUBSIDY_WHILE_SUSPENDED, DAY)


@given(history=st.sampled_from(HISTORIES), later=st.integers(0, 30_000))
def test_from_its_first_day_on_exactly_one_line_holds(history: Dated[object], later: int) -> None:
    day = history.first_day + timedelta(days=later)
    days = [it.day for it in history.entries]
    holding = [
        entry
        for entry, until in zip(history.entries, [*days[1:], date.max], strict=True)
        if entry.day <= day < until
    ]
    assert [history.entry_on(day)] == holding
    assert history.entry_on(history.first_day - timedelta(days=1 + later % 1000)) is None


@given(
    lines=st.dictionaries(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(1, 28)),
    day=st.dates(date(2019, 6, 1), date(2031, 1, 1)),
)
def test_the_newest_line_that_has_begun_holds(lines: dict[date, int], day: date) -> None:
    by_hand = [value for first, value in sorted(lines.items()) if first <= day]
    history = Dated([Entry(first, value, "A", "a.csv:2") for first, value in lines.items()])
    entry = history.entry_on(day)
    assert (entry.value if entry else None) == (by_hand[-1] if by_hand else None)


@pytest.mark.parametrize(
    ("care_class", "day", "price"),
    [
        ("1", date(2020, 7, 1), Price(150_000, 0)),
        ("2", date(2026, 5, 3), Price(100_000, 0)),
        ("3", date(2020, 7, 1), Price(25_500, 16_500)),
        ("3", date(2020, 12, 31), Price(25_500, 16_500)),
        ("3", date(2021, 1, 1), Price(35_000, 7_000)),
        ("3", date(2026, 5, 3), Price(35_000, 7_000)),
    ],
)
@pytest.mark.parametrize("kind", [WORKER, ParticipantKind.NON_WORKER])
def test_a_person_pays_what_the_class_costs_less_what_the_state_adds(
    care_class: str, day: date, price: Price, kind: ParticipantKind
) -> None:
    found = price_on(care_class, kind, day)
    assert found == price
    assert found.total == price.paid + price.subsidy


@pytest.mark.parametrize(
    "kind", sorted({*ParticipantKind} - {WORKER, ParticipantKind.NON_WORKER}), ids=str
)
def test_who_is_paid_for_by_others_has_no_price(kind: ParticipantKind) -> None:
    assert price_on("1", kind, DAY) is None


def test_before_the_first_price_there_is_none_and_it_is_not_guessed() -> None:
    with pytest.raises(LookupError, match="price of class 3"):
        price_on("3", WORKER, date(2020, 6, 30))


@pytest.mark.parametrize("code", ["1", "2", "3"])
def test_a_care_class_has_the_name_that_people_know(code: str) -> None:
    assert care_class_on(code, DAY).name == f"Kelas {code}"
    assert codes_on(DAY) == ["1", "2", "3"]


def test_an_unknown_care_class_is_told_and_not_guessed() -> None:
    for ask in (lambda: care_class_on("4", DAY), lambda: price_on("4", WORKER, DAY)):
        with pytest.raises(LookupError, match="no class stands for 4"):
            ask()


def test_from_its_first_day_a_new_class_stands_for_those_it_replaces(rules: Path) -> None:
    bring_kris(rules, str(KRIS))
    bind_rules(rules)
    eve = KRIS - timedelta(days=1)
    assert codes_on(eve) == ["1", "2", "3"]
    assert codes_on(KRIS) == ["kris"]
    for code in "123":
        assert care_class_on(code, eve).name == f"Kelas {code}"
        assert care_class_on(code, KRIS).name == "Kelas Rawat Inap Standar"
        assert price_on(code, WORKER, KRIS) == Price(60_000, 5_000)
    # A bill of an earlier month is asked for by a day of that month.
    assert price_on("3", WORKER, eve) == Price(35_000, 7_000)
    assert price_on("1", WORKER, date(2026, 6, 1)) == Price(150_000, 0)
    with pytest.raises(LookupError):
        care_class_on("kris", eve)


def test_a_class_that_is_replaced_twice_is_followed_to_the_last(rules: Path) -> None:
    bring_kris(rules, str(KRIS))
    add_lines(
        rules,
        "care_classes.csv",
        "kris2,Kelas Standar Baru,,2028-01-01,later",
        "kris,,kris2,2028-01-01,later",
    )
    add_lines(
        rules,
        "prices.csv",
        "kris2,self_employed,70000,0,2028-01-01,later",
        "kris2,non_worker,70000,0,2028-01-01,later",
    )
    bind_rules(rules)
    assert care_class_on("1", date(2027, 12, 31)).code == "kris"
    assert care_class_on("1", date(2028, 1, 1)).code == "kris2"
    assert price_on("3", WORKER, date(2028, 1, 1)) == Price(70_000, 0)


def test_a_class_may_get_another_name(rules: Path) -> None:
    add_lines(rules, "care_classes.csv", "3,Kelas III,,2027-01-01,B")
    bind_rules(rules)
    assert care_class_on("3", date(2026, 12, 31)).name == "Kelas 3"
    assert care_class_on("3", date(2027, 1, 1)).name == "Kelas III"
    assert codes_on(date(2027, 1, 1)) == ["1", "2", "3"]


def test_a_virtual_account_begins_as_its_bank_wants() -> None:
    assert {it.bank: it.prefix for it in va_prefixes_on(DAY)} == {
        "bri": "88888",
        "bni": "88888",
        "btn": "88888",
        "bca": "88888",
        "mandiri": "89888",
    }


def test_autodebit_is_by_five_banks_or_without_a_bank_on_two_days() -> None:
    groups = {group: [] for group in ChannelGroup}
    for it in autodebit_channels_on(DAY):
        groups[it.group].append(it.name)
    assert groups[ChannelGroup.BANK] == ["Bank Mandiri", "BRI", "BNI", "BCA", "BTN"]
    assert groups[ChannelGroup.NON_BANK] == ["Mobile Cash"]
    assert debit_days_on(DAY) == (5, 20)


def test_a_bank_ends_and_begins_again_by_added_lines(rules: Path) -> None:
    add_lines(
        rules,
        "va_prefixes.csv",
        "btn,BTN,-,2027-01-01,contract ended",
        "btn,BTN,77777,2028-01-01,contract of 2028",
    )
    add_lines(rules, "autodebit_channels.csv", "btn,BTN,-,2027-01-01,contract ended")
    bind_rules(rules)
    by_year = {year: {it.bank: it.prefix for it in va_prefixes_on(date(year, 6, 1))}
               for year in (2026, 2027, 2028)}  # fmt: skip
    assert [by_year[year].get("btn") for year in by_year] == ["88888", None, "77777"]
    assert "btn" not in {it.code for it in autodebit_channels_on(date(2027, 1, 1))}
    assert "btn" in {it.code for it in autodebit_channels_on(date(2026, 12, 31))}


@pytest.mark.parametrize(
    ("kind", "role"),
    [
        (FacilityKind.PUSKESMAS, FacilityRole.PRIMARY),
        (FacilityKind.PRIMARY_CLINIC, FacilityRole.PRIMARY),
        (FacilityKind.DOCTOR, FacilityRole.PRIMARY),
        (FacilityKind.PRIMARY_HOSPITAL, FacilityRole.PRIMARY),
        (FacilityKind.DENTIST, FacilityRole.DENTAL),
        (FacilityKind.SPECIALIST_CLINIC, FacilityRole.NONE),
        (FacilityKind.HOSPITAL, FacilityRole.NONE),
        (FacilityKind.PHARMACY, FacilityRole.NONE),
    ],
)
def test_only_some_kinds_of_facility_may_be_chosen(kind: FacilityKind, role: FacilityRole) -> None:
    assert facility_role_on(kind, DAY) is role
    assert kind in facility_kinds_on(role, DAY)
    assert sum(kind in facility_kinds_on(it, DAY) for it in FacilityRole) == 1


def test_the_rules_are_read_once() -> None:
    book = rule_book()
    bind_rules()
    assert rule_book() is book
