"""The cost of each test file, for people and for `tests.changed`."""

import json
from collections import defaultdict

import pytest

from tests.changed import COSTS


class NotedCosts:
    """Worker seconds by file, printed by folder and kept for `tests.changed`."""

    def __init__(self, config: pytest.Config) -> None:
        # When only some tests of a file run, their cost says nothing about the file.
        chosen = [config.getoption(it) for it in ("keyword", "markexpr", "thorough")]
        self._is_kept = not any(chosen) and not any("::" in it for it in config.args)
        self._seconds: defaultdict[str, float] = defaultdict(float)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """The library's interface."""
        self._seconds[report.nodeid.partition("::")[0]] += report.duration

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """The library's interface."""
        folders: defaultdict[str, float] = defaultdict(float)
        for path, seconds in self._seconds.items():
            folders["/".join(path.split("/")[:-1][:2])] += seconds
        terminalreporter.section("worker seconds by folder")
        for folder, seconds in sorted(folders.items(), key=lambda it: -it[1]):
            terminalreporter.write_line(f"{seconds:8.1f}  {folder}")
        if self._is_kept:
            known = json.loads(COSTS.read_text()) if COSTS.exists() else {}
            COSTS.parent.mkdir(exist_ok=True)
            COSTS.write_text(json.dumps({**known, **self._seconds}, indent=0, sort_keys=True))
