"""Rules for the tests themselves."""

import re
from collections import Counter
from pathlib import Path

import pytest

from tests.changed import ROOT
from tests.support.screens.screenshots import JOURNEYS
from tests.support.world.factories import new_phone

FILES = sorted((ROOT / "tests").rglob("*.py"))
# The modules that tests share.
SHARED = [it for it in FILES if "support" in it.parts and it.name != "__main__.py"]


def texts(pattern: str) -> list[Path]:
    return [it for it in FILES if it != Path(__file__) and re.search(pattern, it.read_text())]


def test_no_two_shared_modules_have_the_same_name() -> None:
    assert [name for name, number in Counter(it.name for it in SHARED).items() if number > 1] == []


def test_what_several_tests_share_stands_in_support() -> None:
    others = [it for it in FILES if it not in SHARED and "breaks" not in it.parts]
    names = [it.name for it in others if not it.name.startswith("test_")]
    assert set(names) <= {"conftest.py", "changed.py", "__main__.py"}


def test_nobody_sleeps_or_measures_time() -> None:
    """Tests wait with `wait_until`."""
    found = texts(r"\btime\.sleep\(|monotonic\(|perf_counter\(|\btime\.time\(")
    assert [it.name for it in found if "breaks" not in it.parts] == ["waiting.py"]


def test_where_something_stands_is_measured_in_one_place_alone() -> None:
    """`box_of` waits for the style sheet: before it has come, everything stands elsewhere."""
    assert [it.name for it in texts(r"\.bounding_box\(")] == ["chromium.py"]


def test_what_happens_at_the_same_moment_is_tried_on_both_databases() -> None:
    found = [it for it in texts(r"\bat_once\(") if it.parent.name == "services"]
    assert [it.name for it in found if "both_databases" not in it.read_text()] == []


@pytest.mark.parametrize("time", ["once", "again"])
def test_the_people_of_a_test_depend_on_no_other_test(time: str) -> None:
    """When numbers grew from test to test, one was a birth date in one of a thousand runs."""
    assert (new_phone(), new_phone()) == ("+6281271300001", "+6281271300002"), time


@pytest.mark.parametrize("journey", JOURNEYS)
def test_pictures_are_taken_in_the_order_in_which_a_journey_lists_its_pages(journey: str) -> None:
    """`make screenshots` sorts all names, and a page may begin where the one before it ended."""
    assert list(JOURNEYS[journey]) == sorted(JOURNEYS[journey])
