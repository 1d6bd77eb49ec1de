"""`make bench NAME=lighthouse`: what Lighthouse says of the pages, on its mobile preset.

Each page is visited three times, like by a mid-range phone on slow 4G, in a fresh Chromium with
empty caches. The table shows the median of each number. FCP and LCP: when the first and the
largest thing is painted. TBT: for how long taps are not answered. CLS: how much the page jumps. The
command exits with 1 when a median is below what `tests/support/rules/budgets.py` asks for, and
names what Lighthouse found. Where Lighthouse itself fails, it is run up to twice more for that
page. A page that still lacks a visit is named, and the command exits with 1, too.

`npx` gets Lighthouse from the npm registry, at the version pinned here: Node 20 or newer and
Chromium must be there. `--page Masuk` (repeatable) visits that page alone, `--runs 1` once. It
takes about a minute for each page. On a machine that is busy with other things TBT is too high.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.measure import print_table, signed_in
from tests.support.clients.chromium import ARGUMENTS
from tests.support.rules import budgets
from tests.support.world.programs import ToolMissing, chromium
from tests.support.world.running_app import RunningApp, running_app

PACKAGE = "lighthouse@13.5.0"
_PATIENCE_SECONDS = 300
_MORE_TRIES = 2
_LIMITS = {
    "performance": budgets.PERFORMANCE,
    "accessibility": budgets.ACCESSIBILITY,
    "best-practices": budgets.BEST_PRACTICES,
}


@dataclass(frozen=True)
class Page:
    """`persona`: who is signed in, None for nobody."""

    path: str
    persona: str | None = None


PAGES = {
    "Landing": Page("/"),
    "Masuk": Page("/masuk"),
    "Bantuan": Page("/bantuan"),
    "Luring": Page("/luring"),
    "404": Page("/ini-tidak-ada"),
    "Beranda": Page("/beranda", "ppu_active"),
    "Beranda, arrears": Page("/beranda", "arrears"),
    "Beranda, no member": Page("/beranda", "account_without_membership"),
    "Kartu": Page("/kartu", "ppu_active"),
    "Kartu, member": Page("/kartu/{member}", "ppu_active"),
    "Info peserta": Page("/peserta", "ppu_active"),
    "Info peserta, member": Page("/peserta/{member}", "ppu_active"),
    "Lainnya": Page("/lainnya", "ppu_active"),
    "Keluar": Page("/keluar", "ppu_active"),
    "404, signed in": Page("/ini-tidak-ada", "ppu_active"),
}


@dataclass(frozen=True)
class Verdict:
    """One visit. `scores`: by category, of 100. `findings`: what Lighthouse found. `times`: FCP,
    LCP and TBT in milliseconds, and CLS. `size`: bytes of all requests."""

    scores: dict[str, float]
    findings: list[str]
    times: list[float]
    requests: int
    size: int


class NoVerdict(Exception):
    """Lighthouse failed, so nothing is known of the page."""


def main(arguments: list[str] | None = None) -> int:
    """Print the table and what was found; 1 when a page is worse than its budget, or lacks a
    visit."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lighthouse")
    parser.add_argument("--page", action="append", choices=PAGES, metavar="NAME")
    parser.add_argument("--runs", type=int, default=3)
    chosen = parser.parse_args(arguments)
    tools = find_tools()
    rows, found = [], []
    with running_app() as app:
        for name in chosen.page or PAGES:
            print(f"{name} …", file=sys.stderr, flush=True)
            verdicts, troubles = _visits(app, PAGES[name], tools, chosen.runs)
            if len(verdicts) < chosen.runs:
                lacking = f"{name}: {len(verdicts)} visits of {chosen.runs} gave a verdict."
                found.append(f"{lacking} {troubles[-1]}")
            if not verdicts:
                continue
            scores = {it: median(verdict.scores[it] for verdict in verdicts) for it in _LIMITS}
            rows.append([name, *(f"{score:.0f}" for score in scores.values()), *_cells(verdicts)])
            if any(score < _LIMITS[it] for it, score in scores.items()):
                lines = dict.fromkeys(line for verdict in verdicts for line in verdict.findings)
                found += [f"{name}: {line}" for line in lines]
    headings = ["page", "performance", "accessibility", "best practices"]
    headings += ["FCP s", "LCP s", "TBT ms", "CLS", "requests", "bytes"]
    print_table(headings, rows)
    for line in found:
        print(line)
    return min(len(found), 1)


def _visits(
    app: RunningApp, page: Page, tools: dict[str, str], wanted: int
) -> tuple[list[Verdict], list[NoVerdict]]:
    """As many verdicts as wanted, or fewer where Lighthouse keeps failing; and its failures."""
    verdicts: list[Verdict] = []
    troubles: list[NoVerdict] = []
    while len(verdicts) < wanted and len(troubles) <= _MORE_TRIES:
        try:
            verdicts.append(visit(app, page, tools))
        except NoVerdict as trouble:
            troubles.append(trouble)
            print(trouble, file=sys.stderr, flush=True)
    return verdicts, troubles


def find_tools() -> dict[str, str]:
    """The paths of npx and Chromium. Exits with a sentence when one of them is missing."""
    npx = shutil.which("npx")
    if npx is None:
        sys.exit("Lighthouse needs npx of Node 20 or newer, which is not installed.")
    try:
        return {"npx": npx, "chromium": chromium()}
    except ToolMissing as missing:
        sys.exit(f"{missing}, and Lighthouse needs it: run tests/support/install_tools.sh")


def visit(app: RunningApp, page: Page, tools: dict[str, str]) -> Verdict:
    """One visit by Lighthouse. Raises NoVerdict, with Lighthouse's own words, when it fails."""
    folder = app.folder / "lighthouse"
    folder.mkdir(exist_ok=True)
    headers, report = folder / "headers.json", folder / "report.json"
    # The report of an earlier visit must not pass for one of this visit.
    report.unlink(missing_ok=True)
    path = _sign_in(app, page, headers)
    command = [
        *(tools["npx"], "--yes", PACKAGE, app.url + path),
        "--quiet",
        "--output=json",
        f"--output-path={report}",
        f"--extra-headers={headers}",
        f"--only-categories={','.join(_LIMITS)}",
        # Otherwise it would not judge the page of a 404, which people see, too.
        "--ignore-status-code",
        f"--chrome-flags={' '.join(['--headless=new', *ARGUMENTS])}",
    ]
    try:
        done = subprocess.run(
            command,
            env={**os.environ, "CHROME_PATH": tools["chromium"], "NO_UPDATE_NOTIFIER": "1"},
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=_PATIENCE_SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise NoVerdict(f"Lighthouse did not end on {path}.") from None
    if done.returncode != 0 or not report.exists():
        raise NoVerdict(f"Lighthouse failed on {path}:\n{done.stderr[-2000:]}")
    try:
        return judged(json.loads(report.read_text()))
    except KeyError as lacking:
        raise NoVerdict(f"Lighthouse says nothing of {lacking} on {path}.") from None


def judged(report: dict[str, Any]) -> Verdict:
    """The verdict of a report. Raises NoVerdict when Lighthouse could not judge the page, or only
    part of it; KeyError when something is missing in the report."""
    if problem := report.get("runtimeError"):
        raise NoVerdict(problem["message"])
    if unjudged := [it for it in _LIMITS if report["categories"][it]["score"] is None]:
        raise NoVerdict(f"Lighthouse could not judge {' and '.join(unjudged)}.")
    audits = report["audits"]
    loads = audits["network-requests"]["details"]["items"]
    names = ("first-contentful-paint", "largest-contentful-paint", "total-blocking-time")
    return Verdict(
        scores={it: report["categories"][it]["score"] * 100 for it in _LIMITS},
        findings=[
            f"{audits[it['id']]['title']} {audits[it['id']].get('displayValue', '')}".strip()
            for category in _LIMITS
            for it in report["categories"][category]["auditRefs"]
            if it["weight"] and (audits[it["id"]]["score"] or 0) < 1
            if audits[it["id"]]["scoreDisplayMode"] not in ("notApplicable", "manual")
        ],
        times=[audits[it]["numericValue"] for it in (*names, "cumulative-layout-shift")],
        requests=len(loads),
        size=sum(it["transferSize"] for it in loads),
    )


def _sign_in(app: RunningApp, page: Page, headers: Path) -> str:
    """Write the cookie of a session for Lighthouse to send; returns the page's path."""
    if page.persona is None:
        headers.write_text("{}")
        return page.path
    with closing(signed_in(app.url, app.identity(page.persona))) as visitor:
        headers.write_text(json.dumps({"Cookie": visitor.cookies.header()}))
        cards = visitor.get("/kartu").content.decode()
    member = cards.partition('href="/kartu/')[2].partition('"')[0]
    return page.path.format(member=member)


def _cells(verdicts: list[Verdict]) -> list[str]:
    numbers = zip(*(it.times for it in verdicts), strict=True)
    fcp, lcp, tbt, cls = (median(values) for values in numbers)
    requests = median(it.requests for it in verdicts)
    size = median(it.size for it in verdicts)
    return [f"{fcp / 1000:.2f}", f"{lcp / 1000:.2f}", f"{tbt:.0f}", f"{cls:.3f}",
            f"{requests:.0f}", f"{size:.0f}"]  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
