"""The list of breaks (`make breaks`) fits the code that it breaks, so it is never out of date."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from tests.breaks.entries import Break, every_break, misfits, with_words
from tests.breaks.trials import Verdict, attempt
from tests.support.world.databases import ROOT

LISTED = every_break()
GOOD = Break(
    area="sums",
    broken="One and one is something else.",
    file="sums.py",
    old="a + b",
    new="a - b",
    tests=("test_sums.py::test_one_and_one",),
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project of two files, without a break."""
    (tmp_path / "sums.py").write_text(
        "def add(a, b):\n    return a + b\n\n\ndef idle():\n    pass\n"
    )
    (tmp_path / "test_sums.py").write_text(
        "import time\n\nimport sums\n\n\n"
        "def test_one_and_one():\n    assert sums.add(1, 1) == 2\n\n\n"
        "def test_idle():\n    sums.idle()\n"
    )
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    return tmp_path


def test_every_break_fits_the_code() -> None:
    assert [f"{it.broken} {found}" for it in LISTED for found in misfits(it)] == []


def test_no_two_breaks_are_one() -> None:
    assert [it for it, times in Counter(it.broken for it in LISTED).items() if times > 1] == []
    done = Counter((it.file, it.broken_text((ROOT / it.file).read_text())) for it in LISTED)
    assert [file for (file, _), times in done.items() if times > 1] == []


def test_an_entry_that_fits_is_not_found_fault_with(root: Path) -> None:
    assert list(misfits(GOOD, root)) == []


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"file": "gone.py"}, "there is no gone.py"),
        ({"old": "a * b"}, "the old text stands 0 times in sums.py"),
        ({"old": "a"}, "the old text stands 4 times in sums.py"),
        ({"new": "a + b"}, "the new text is the old one"),
        ({"new": "a +"}, "sums.py could not be read any more, which any test would notice"),
        ({"tests": ()}, "it names no test"),
        ({"tests": ("test_gone.py",)}, "there is no test_gone.py"),
        ({"tests": ("test_sums.py::test_gone",)}, "there is no test_sums.py::test_gone"),
        ({"tests": ("test_sums.py::test_one",)}, "there is no test_sums.py::test_one"),
    ],
)
def test_an_entry_that_does_not_fit_is_named(
    root: Path, changes: dict[str, object], found: str
) -> None:
    assert list(misfits(replace(GOOD, **changes), root)) == [found]


@pytest.mark.parametrize(
    ("changes", "verdict", "why"),
    [
        ({}, Verdict.CAUGHT, "test_sums.py::test_one_and_one"),
        ({"tests": ("test_sums.py::test_idle",)}, Verdict.NOT_CAUGHT, ""),
        ({"old": "pass", "new": "while True: pass", "tests": ("test_sums.py::test_idle",)},
         Verdict.HANGS, "for 3 seconds"),
        ({"tests": ("test_sums.py::test_gone",)}, Verdict.NOT_RUN, None),
    ],
)  # fmt: skip
def test_what_became_of_a_break_is_told_and_it_is_mended(
    root: Path, changes: dict[str, object], verdict: Verdict, why: str | None
) -> None:
    before = (root / "sums.py").read_text()
    seconds = 3 if verdict is Verdict.HANGS else 200
    outcome = attempt(replace(GOOD, **changes), root, seconds)
    assert outcome.verdict is verdict
    assert why in (None, outcome.why)
    assert (root / "sums.py").read_text() == before


def test_words_choose_among_them() -> None:
    others = [GOOD, replace(GOOD, area="codes", file="jkn/codes.py")]
    assert with_words(others, "") == others
    assert with_words(others, "SUMS one") == [GOOD]
    assert with_words(others, "codes nowhere") == []
