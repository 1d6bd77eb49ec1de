"""A test that hangs fails by name; the other tests run, and the run reports how it ended."""

import subprocess
import sys
from pathlib import Path

from tests.support.world.databases import ROOT

# With time frozen, as in most tests here.
TESTS = """
import threading
from datetime import UTC, datetime

import pytest
import time_machine


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(datetime(2026, 5, 3, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def never_there():
    threading.Event().wait()


def test_before():
    pass


@pytest.mark.timeout(1)
def test_waits():
    threading.Event().wait()


@pytest.mark.timeout(1)
def test_loops():
    while True:
        pass


@pytest.mark.timeout(1)
def test_of_a_fixture(never_there):
    pass


@pytest.mark.timeout(1)
def test_ends_for_no_signal():
    while True:
        try:
            threading.Event().wait()
        except BaseException:
            pass


def test_after():
    pass
"""
HANGING = ("test_waits", "test_loops", "test_of_a_fixture", "test_ends_for_no_signal")


def test_a_test_that_hangs_fails_by_name_and_the_others_go_on(tmp_path: Path) -> None:
    (tmp_path / "test_hang.py").write_text(TESTS)
    (tmp_path / "conftest.py").write_text("from tests.support.world.scheduling import *\n")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-n", "1", "--dist", "loadgroup"),
            *("-c", ROOT / "pyproject.toml", "-o", "faulthandler_timeout=4"),
            *("-p", "no:cacheprovider"),
            *("--rootdir", tmp_path, tmp_path / "test_hang.py"),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )  # fmt: skip
    told = done.stdout + done.stderr
    ends = {line.partition(" - ")[0] for line in done.stdout.splitlines()}
    assert {f"{_kind(it)} test_hang.py::{it}" for it in HANGING} <= ends, told
    assert "3 failed, 2 passed, 1 error in" in done.stdout, told


def _kind(name: str) -> str:
    return "ERROR" if name == "test_of_a_fixture" else "FAILED"
