"""The benchmarks start, say what they lack, and read what other programs give them."""

import importlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from benchmarks import lighthouse, measure
from tests.support.world.databases import ROOT

MODULES = sorted(path.stem for path in (ROOT / "benchmarks").glob("*.py"))


@pytest.mark.parametrize("name", [it for it in MODULES if it != "bare"])
def test_a_benchmark_explains_itself(name: str) -> None:
    assert importlib.import_module(f"benchmarks.{name}").__doc__


def report(**scores: float) -> dict[str, Any]:
    """A report of Lighthouse, with the parts that are read."""
    categories = {
        it: {
            "score": scores.get(it.replace("-", "_"), 1),
            "auditRefs": [{"id": f"of-{it}", "weight": 1}, {"id": "idle", "weight": 0}],
        }
        for it in ("performance", "accessibility", "best-practices")
    }
    metric = {"numericValue": 700, "title": "a metric", "score": 1, "scoreDisplayMode": "numeric"}
    audits: dict[str, Any] = {
        f"of-{it}": metric | {"title": f"about {it}", "score": categories[it]["score"]}
        for it in categories
    }
    for name in ("first-contentful-paint", "largest-contentful-paint", "total-blocking-time"):
        audits[name] = metric
    audits["cumulative-layout-shift"] = metric
    audits["idle"] = metric | {"score": 0}
    items = [{"transferSize": 2000}, {"transferSize": 300}]
    audits["network-requests"] = {"details": {"items": items}}
    return {"categories": categories, "audits": audits}


def test_a_report_is_read_as_scores_of_a_hundred() -> None:
    verdict = lighthouse.judged(report(performance=0.98))
    assert verdict.scores == {"performance": 98, "accessibility": 100, "best-practices": 100}
    assert verdict.findings == ["about performance"]
    assert (verdict.requests, verdict.size) == (2, 2300)


def test_a_page_that_could_not_be_looked_at_is_no_verdict() -> None:
    with pytest.raises(lighthouse.NoVerdict, match="not reached"):
        lighthouse.judged({"runtimeError": {"message": "not reached"}})


def test_a_page_whose_trace_failed_is_no_page_of_score_0() -> None:
    unjudged = report()
    unjudged["categories"]["performance"]["score"] = None
    with pytest.raises(lighthouse.NoVerdict, match="could not judge performance"):
        lighthouse.judged(unjudged)


STAND_IN = """#!/bin/sh
echo visit >> {folder}/calls
case "$(wc -l < {folder}/calls)" in
{failing}) echo "no trace came" >&2; exit 1;;
esac
for argument; do
    case "$argument" in --output-path=*) cp {folder}/ready.json "${{argument#*=}}";; esac
done
"""


@pytest.fixture
def visits(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], tuple[int, int]]:
    """What the command ends with, and how often it visited, when a stand-in for Lighthouse fails
    at calls with these numbers, a pattern of the shell."""
    app = SimpleNamespace(url="http://localhost:1", folder=tmp_path)
    (tmp_path / "ready.json").write_text(json.dumps(report()))
    program = tmp_path / "npx"
    tools = {"npx": str(program), "chromium": "chromium"}
    monkeypatch.setattr(lighthouse, "running_app", lambda: nullcontext(app))
    monkeypatch.setattr(lighthouse, "find_tools", lambda: tools)

    def run(failing: str) -> tuple[int, int]:
        program.write_text(STAND_IN.format(folder=tmp_path, failing=failing))
        program.chmod(0o755)
        ended = lighthouse.main(["--page", "Landing", "--page", "Masuk", "--runs", "2"])
        return ended, len((tmp_path / "calls").read_text().split())

    return run


def test_a_visit_that_failed_once_is_made_again(
    visits: Callable[[str], tuple[int, int]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert visits("1|5") == (0, 6)
    told = capsys.readouterr()
    assert re.findall("^(Landing|Masuk) .*100", told.out, re.MULTILINE) == ["Landing", "Masuk"]
    assert "no trace came" in told.err


def test_a_page_that_never_gives_a_verdict_is_named_and_the_others_stand(
    visits: Callable[[str], tuple[int, int]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert visits("[123]") == (1, 5)
    told = capsys.readouterr().out
    assert re.findall("^(Landing|Masuk) .*100", told, re.MULTILINE) == ["Masuk"]
    assert "Landing: 0 visits of 2 gave a verdict. Lighthouse failed on /:" in told


def test_a_page_with_fewer_visits_is_shown_and_named(
    visits: Callable[[str], tuple[int, int]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert visits("[234]") == (1, 6)
    told = capsys.readouterr().out
    assert re.findall("^(Landing|Masuk) .*100", told, re.MULTILINE) == ["Landing", "Masuk"]
    assert "Landing: 1 visits of 2 gave a verdict." in told


@pytest.mark.parametrize(
    ("found", "words"),
    [([], "Lighthouse needs npx of Node 20"), (["npx"], "Chromium is not installed")],
)
def test_a_machine_without_its_tools_is_told_so(
    tmp_path: Path, found: list[str], words: str
) -> None:
    for name in found:
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
    environment = {it: value for it, value in os.environ.items() if it != "JKN_TEST_CHROMIUM"}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.lighthouse"],
        cwd=ROOT,
        env={**environment, "PATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert words in done.stderr


def test_the_percentile_is_a_value_that_was_measured() -> None:
    assert measure.percentile([5, 1, 4, 2, 3], 50) == 3
    assert measure.percentile(range(1, 101), 95) == 95
    assert measure.percentile([7], 95) == 7


def test_the_first_rounds_are_thrown_away() -> None:
    numbers = iter(range(100))
    times = measure.take_turns({"it": lambda: float(next(numbers))}, rounds=3, warm_up=2)
    assert times == {"it": [2, 3, 4]}
