"""What the rules are refused for, before anybody pays too much by it."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jkn.services.basics.rule_catalogue import Rule
from jkn.services.basics.rule_files import UnusableRules, read_rules
from tests.support.world.refused_rules import BESIDE, DUE, REFUSED
from tests.support.world.rule_folders import (
    PACKAGED,
    add_lines,
    bring_kris,
    copied_rules,
    next_line,
    replace_text,
)

TODAY = date(2026, 5, 3)


def problems_of(rules: Path, today: date = TODAY) -> list[str]:
    with pytest.raises(UnusableRules) as refusal:
        read_rules(rules, today)
    assert str(rules) in str(refusal.value)
    return refusal.value.problems


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    return copied_rules(tmp_path)


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_true_is_refused_with_its_file_and_line(name: str, rules: Path) -> None:
    file, old, new, sentence = REFUSED[name]
    add_lines(rules, "care_classes.csv", *BESIDE.get(name, ()))
    sentence = sentence.format(at=next_line(rules, file), after=next_line(rules, file, 1))
    if old:
        replace_text(rules, file, old, new)
    else:
        add_lines(rules, file, new)
    assert sentence in problems_of(rules)


def test_the_rules_of_the_package_and_of_the_rehearsal_can_be_true(rules: Path) -> None:
    read_rules(PACKAGED, TODAY)
    bring_kris(rules, "2026-07-01")
    read_rules(rules, TODAY)
    read_rules(rules, date(2026, 7, 1))


def test_a_class_that_ended_when_prices_begin_needs_none(rules: Path) -> None:
    add_lines(rules, "care_classes.csv", "old,Kelas lama,,2014-01-01,A", "old,,3,2020-07-01,A")
    read_rules(rules, TODAY)


def test_a_rule_may_begin_today(rules: Path) -> None:
    replace_text(rules, "rules.csv", DUE, f"contribution.due_day,10,{TODAY},A")
    read_rules(rules, TODAY)


def test_two_rules_in_order_may_be_equal(rules: Path) -> None:
    for rule in ("autodebit.early_day", "autodebit.late_day"):
        add_lines(rules, "rules.csv", f"{rule},10,2027-01-01,A")
    read_rules(rules, TODAY)


def test_a_missing_folder_file_or_an_unknown_file_is_told(rules: Path, tmp_path: Path) -> None:
    assert problems_of(tmp_path / "elsewhere") == ["the folder is missing"]
    (rules / "prices.csv").rename(rules / "price.csv")
    assert problems_of(rules) == [
        "price.csv: no rules are read from a file of this name",
        "prices.csv: the file is missing",
    ]


def test_an_empty_file_and_one_that_is_not_utf_8_are_told(rules: Path) -> None:
    (rules / "prices.csv").write_bytes(b"")
    (rules / "care_classes.csv").write_bytes(b"care_class,n\xe9")
    (rules / "va_prefixes.csv").unlink()
    (rules / "va_prefixes.csv").mkdir()
    assert problems_of(rules) == [
        "care_classes.csv: the file is not UTF-8",
        (
            "prices.csv:1: the columns must be care_class,kind,paid,subsidy,valid_from,citation,"
            " and are missing"
        ),
        "va_prefixes.csv: Is a directory",
    ]


def test_all_that_is_wrong_is_told_at_once(rules: Path) -> None:
    due, bsi = next_line(rules, "rules.csv"), next_line(rules, "va_prefixes.csv")
    add_lines(rules, "rules.csv", "contribution.due_day,40,2027-13-01,")
    replace_text(rules, "prices.csv", "1,self_employed,150000", "1,self_employed,much")
    add_lines(rules, "va_prefixes.csv", "bsi,,88,2027-01-01,A")
    assert problems_of(rules) == [
        f"{due}: value must be a whole number from 1 to 28, and is 40",
        f"{due}: valid_from is no day of the calendar: 2027-13-01",
        f"{due}: citation is missing",
        "prices.csv:2: paid must be a whole number from 0 to 10000000, and is 'much'",
        f"{bsi}: name is missing",
        f"{bsi}: prefix must be 4 to 8 digits, and is '88'",
    ]
    (rules / "rules.csv").write_text("name,value,valid_from,citation\n", encoding="utf-8")
    replace_text(rules, "prices.csv", "1,self_employed,much", "1,self_employed,150000")
    replace_text(rules, "va_prefixes.csv", "bsi,,88,2027-01-01,A", "bsi,BSI,-,2027-01-01,A")
    told = problems_of(rules)
    assert len([it for it in told if "has no line" in it]) == len(Rule)
    assert f"{bsi}: bsi ends before it ever began" in told


def test_what_a_spreadsheet_adds_is_read(rules: Path) -> None:
    """A byte order mark, lines that end as on Windows, empty lines, quotes."""
    replace_text(rules, "rules.csv", DUE, '"contribution.due_day","11","2019-01-01","A, B"\n')
    text = (rules / "rules.csv").read_text(encoding="utf-8")
    (rules / "rules.csv").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    line = read_rules(rules, TODAY).rules[Rule.CONTRIBUTION_DUE_DAY].entry_on(TODAY)
    assert line is not None
    assert (line.value, line.citation, line.where) == (11, "A, B", "rules.csv:3")


@given(content=st.binary(max_size=200))
def test_garbage_is_refused_in_words(
    content: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    rules = copied_rules(tmp_path_factory.mktemp("garbage"))
    (rules / "facility_kinds.csv").write_bytes(content)
    assert problems_of(rules)
