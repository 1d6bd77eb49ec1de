"""Rules as dated data."""

import csv
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from jkn.services.basics import dated_rules
from jkn.services.basics.dated_rules import Rule, care_class_name, value_on

HEADER = "name,value,valid_from,citation"


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """A function that replaces the data of the rules, as a change of the law would."""

    def write(**files: str) -> None:
        for name, text in files.items():
            (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        monkeypatch.setattr(dated_rules, "_FOLDER", tmp_path)
        forget()

    def forget() -> None:
        dated_rules._history.cache_clear()
        dated_rules._care_classes.cache_clear()

    yield write
    forget()


@pytest.mark.parametrize("rule", Rule, ids=str)
def test_every_rule_has_a_value_today_and_names_its_source(rule: Rule) -> None:
    assert value_on(rule, date(2026, 5, 3)) > 0
    with (dated_rules._FOLDER / "rules.csv").open(encoding="utf-8") as file:
        citations = [row["citation"] for row in csv.DictReader(file) if row["name"] == rule]
    assert citations
    assert all("20" in citation for citation in citations)


def test_the_rules_are_those_of_the_law_in_force() -> None:
    day = date(2026, 5, 3)
    assert value_on(Rule.CONTRIBUTION_DUE_DAY, day) == 10
    assert value_on(Rule.ARREARS_MONTHS_AT_MOST, day) == 24
    assert value_on(Rule.NEWBORN_MONTHS_TO_GET_A_NIK, day) == 3


def test_before_its_first_day_a_rule_has_no_value() -> None:
    with pytest.raises(LookupError, match=r"contribution\.arrears_months_at_most"):
        value_on(Rule.ARREARS_MONTHS_AT_MOST, date(2020, 6, 30))
    assert value_on(Rule.ARREARS_MONTHS_AT_MOST, date(2020, 7, 1)) == 24


def test_a_new_value_counts_from_its_first_day_on(written: Callable[..., None]) -> None:
    """The order of the rows in the file does not matter."""
    rule = Rule.CONTRIBUTION_DUE_DAY
    written(
        rules=f"{HEADER}\n{rule},15,2027-07-01,B\n{rule},10,2019-01-01,A\n{rule},20,2028-01-01,C\n"
    )
    for day, value in [
        (date(2019, 1, 1), 10),
        (date(2027, 6, 30), 10),
        (date(2027, 7, 1), 15),
        (date(2027, 12, 31), 15),
        (date(2028, 1, 1), 20),
        (date(2099, 1, 1), 20),
    ]:
        assert value_on(rule, day) == value


def test_a_rule_without_any_row_is_told_and_not_guessed(written: Callable[..., None]) -> None:
    written(rules=f"{HEADER}\n{Rule.CONTRIBUTION_DUE_DAY},10,2019-01-01,A\n")
    with pytest.raises(LookupError):
        value_on(Rule.NEWBORN_MONTHS_TO_GET_A_NIK, date(2026, 5, 3))


@pytest.mark.parametrize("code", ["1", "2", "3"])
def test_a_care_class_has_the_name_that_people_know(code: str) -> None:
    assert care_class_name(code) == f"Kelas {code}"


def test_a_retired_care_class_keeps_its_name(written: Callable[..., None]) -> None:
    """People who were last in that class still see it on the card."""
    written(
        care_classes="code,name,valid_from,valid_until,citation\n"
        "3,Kelas 3,2014-01-01,2026-01-31,A\nkris,Kelas Rawat Inap Standar,2026-02-01,,B\n"
    )
    assert care_class_name("3") == "Kelas 3"
    assert care_class_name("kris") == "Kelas Rawat Inap Standar"


def test_an_unknown_care_class_has_no_name() -> None:
    with pytest.raises(KeyError):
        care_class_name("4")
