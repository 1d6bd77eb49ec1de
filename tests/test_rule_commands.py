"""`flask rules`, and how everything refuses to start with rules that cannot be true."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from jkn import create_app, server, worker
from jkn.services.basics.rule_files import UnusableRules
from jkn.settings import Settings
from tests.support.world.commands import Flasks, run_in
from tests.support.world.connected import SECRETS
from tests.support.world.queries import QueryCounter
from tests.support.world.rule_folders import (
    PACKAGED,
    add_lines,
    bring_kris,
    copied_rules,
    next_line,
)

WRONG = "contribution.due_day,31,2027-01-01,A"
TOLD = f"{next_line(PACKAGED, 'rules.csv')}: value must be a whole number from 1 to 28, and is 31"
LINES = sum(len(it.read_text().splitlines()) - 1 for it in PACKAGED.glob("*.csv"))


@pytest.fixture
def flask(app: Flask) -> Flasks:
    return lambda *words: run_in(app, *words)


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    return copied_rules(tmp_path)


def row(printed: str, first_word: str) -> list[str]:
    """The words of the line that begins so."""
    [found] = [it.split() for it in printed.splitlines() if it.startswith(f"  {first_word}  ")]
    return found


def test_rules_that_can_be_used_are_said_to_be(flask: Flasks, rules: Path) -> None:
    for words in (("rules", "check"), ("rules", "check", "--folder", str(rules))):
        result = flask(*words)
        assert result.exit_code == 0
        assert f"can be used: {LINES} lines." in result.output


def test_what_is_wrong_in_another_folder_is_told_without_starting_with_it(
    flask: Flasks, rules: Path
) -> None:
    add_lines(rules, "rules.csv", WRONG)
    for command in ("check", "show"):
        result = flask("rules", command, "--folder", str(rules))
        assert result.exit_code == 1
        assert TOLD in result.output
    assert flask("rules", "check").exit_code == 0


def test_what_holds_on_a_day_is_shown_with_its_period_and_source(
    flask: Flasks, rules: Path
) -> None:
    bring_kris(rules, "2026-07-01")
    before = flask("rules", "show", "--on", "2026-06-30", "--folder", str(rules)).output
    after = flask("rules", "show", "--on", "2026-07-01", "--folder", str(rules)).output
    due = ["contribution.due_day", "day", "10", "of", "the", "month", "2019-01-01", "–"]
    assert row(before, "contribution.due_day") == [*due, "Perpres", "82/2018", "pasal", "39"]
    assert row(before, "primary_facility.earlier_after_a_move")[1] == "yes"
    assert row(before, "care_class.months_to_effect")[1:3] == ["1", "month"]
    assert "surcharge.rupiah_at_most                  30,000,000 rupiah" in before
    assert row(before, "3")[1:6] == ["Kelas", "3", "2014-01-01", "–", "2026-06-30"]
    assert row(after, "3")[1:4] == ["replaced", "by", "kris"]
    assert "kris" not in before.replace("/kris", "")
    assert "60,000 + subsidy 5,000 = 65,000" in after
    assert "89888 at Bank Mandiri" in after


def test_the_whole_history_is_shown_when_asked_for(flask: Flasks) -> None:
    printed = flask("rules", "show", "--all-history").output
    assert "25,500 + subsidy 16,500 = 42,000" in printed
    assert "2020-07-01 – 2020-12-31" in printed
    assert "35,000 + subsidy 7,000 = 42,000" in printed
    assert "25,500" not in flask("rules", "show").output


def test_today_is_shown_when_no_day_is_given(flask: Flasks) -> None:
    assert "on 2026-05-03\n" in flask("rules", "show").output
    assert flask("rules", "show", "--on", "2026-02-30").exit_code == 2


def test_rules_cost_no_query(flask: Flasks, queries: QueryCounter) -> None:
    with queries.at_most(0):
        flask("rules", "show")


def test_the_application_is_not_made_with_rules_that_cannot_be_true(
    settings: Settings, rules: Path
) -> None:
    add_lines(rules, "rules.csv", WRONG)
    with pytest.raises(UnusableRules, match=re.escape(TOLD)):
        create_app(settings.model_copy(update={"rules_dir": rules}))


@pytest.mark.parametrize("start", [server.serve, worker.main], ids=["server", "worker"])
def test_server_and_worker_say_all_that_is_wrong_and_end(
    start: Callable[[], None], rules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_lines(rules, "rules.csv", WRONG)
    add_lines(rules, "care_classes.csv", "4,,3,2027-01-01,A", "5,Kelas 5,1,2027-01-01,A")
    for name, value in {
        **SECRETS,
        "rules_dir": str(rules),
        "database_url": f"sqlite:///{tmp_path / 'never.sqlite3'}",
    }.items():
        monkeypatch.setenv(f"JKN_{name.upper()}", value)
    with pytest.raises(SystemExit) as ended:
        start()
    told = str(ended.value.code)
    assert told.startswith(f"Rules that cannot be true, in {rules}:\n")
    assert TOLD in told
    assert (
        f"{next_line(PACKAGED, 'care_classes.csv', 1)}: either name or replaced_by must be given"
        in told
    )
    assert not (tmp_path / "never.sqlite3").exists()
