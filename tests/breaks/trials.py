"""Trying a break: on a copy of the code, never on the checkout, and with a time limit."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from tests.breaks.entries import Break
from tests.support.world.databases import ROOT

# The named tests take seconds; a test that takes longer than this waits for ever.
SECONDS = 240.0
_TESTS_FAILED = 1
_FIRST_FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)


class Verdict(StrEnum):
    """HANGS: the tests did not end in time; nobody overlooks that, so it counts as noticed.
    NOT_RUN: pytest ran no test, so nothing is known."""

    CAUGHT = "caught"
    HANGS = "caught, hangs"
    NOT_CAUGHT = "NOT CAUGHT"
    NOT_RUN = "NOT RUN"
    NO_FIT = "NO FIT"

    @property
    def is_good(self) -> bool:
        """Whether the break was noticed."""
        return self in (Verdict.CAUGHT, Verdict.HANGS)


@dataclass(frozen=True)
class Outcome:
    """`why`: the first test that failed, or what is wrong with the entry."""

    verdict: Verdict
    seconds: float = 0.0
    why: str = ""


def copy_tracked(to: Path, root: Path = ROOT) -> None:
    """Copy the files that are under version control or about to be, as they are now."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (root / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, to / name)


def unbroken(copy: Path, breaks: Sequence[Break], workers: int) -> tuple[bool, str]:
    """Whether every named test passes while nothing is broken, and what pytest says."""
    named = sorted({test for it in breaks for test in it.tests})
    spread = ["-n", str(workers), "--dist", "loadgroup"] if workers > 1 else []
    code, said = _pytest(copy, [*spread, *named], None)
    return code == 0, said


def attempt(it: Break, copy: Path, seconds: float = SECONDS) -> Outcome:
    """Break the copy, run the named tests, and mend it."""
    file, begun = copy / it.file, time.monotonic()
    before, times = file.read_text(encoding="utf-8"), file.stat()
    file.write_text(it.broken_text(before), encoding="utf-8")
    try:
        code, said = _pytest(copy, ["-x", *it.tests], seconds)
    finally:
        file.write_text(before, encoding="utf-8")
        # Python decides by this time whether its compiled file is still good.
        os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    took = time.monotonic() - begun
    if code is None:
        return Outcome(Verdict.HANGS, took, f"for {seconds:.0f} seconds")
    if code == _TESTS_FAILED:
        first = _FIRST_FAILED.search(said)
        return Outcome(Verdict.CAUGHT, took, first[1] if first else "")
    if code == 0:
        return Outcome(Verdict.NOT_CAUGHT, took)
    return Outcome(Verdict.NOT_RUN, took, said.strip().rpartition("\n")[2])


def _pytest(copy: Path, arguments: Sequence[str], seconds: float | None) -> tuple[int | None, str]:
    """The exit code, None when the time was over; and what was printed."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
    # What an earlier run compiled is used; what is broken leaves nothing behind. In CI a skipped
    # test is a failed one: without PostgreSQL many breaks would be overlooked.
    environment = {**os.environ, "CI": "true"}
    if seconds is not None:
        environment["PYTHONDONTWRITEBYTECODE"] = "1"
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, cwd=copy, stdout=said, stderr=said, env=environment)
        try:
            code: int | None = process.wait(seconds)
        except subprocess.TimeoutExpired:
            code = None
        finally:
            # What the tests have started ends with them.
            process.kill()
            process.wait()
        said.seek(0)
        return code, said.read().decode(errors="replace")
