"""Which browser knows what since when: facts out of MDN's browser-compat-data (CC0), version 8.1.9.

`support.csv` holds what came after 2017, one feature a line, with the first version of each
browser (`-`: none yet) and where its source stands in that data. `without` says what people get
whose browser is older; it is there when, and only when, a browser of the floor lacks the feature.
`long_known.txt` names what every browser of that time knew, and words of our own that some browser
uses for something else.
"""

import csv
import re
from dataclasses import dataclass
from pathlib import Path

_FOLDER = Path(__file__).parent
_HEADING = re.compile(r"^# .*$", re.MULTILINE)
_BETWEEN_NAMES = re.compile(r"\s\|(?=\s)")
# The oldest browsers in which the app must be styled and usable (docs/experience.md, 1).
FLOOR = {"chrome": (87,), "webview": (87,), "safari": (14,), "samsung": (14,)}


@dataclass(frozen=True)
class Feature:
    """`since`: the first version of each browser; None for never."""

    name: str
    since: dict[str, tuple[int, ...] | None]
    source: str
    without: str

    def missing_in(self, browser: str) -> bool:
        """True when the oldest of these browsers does not know it."""
        since = self.since[browser]
        return since is None or since > FLOOR[browser]

    @property
    def needs_fallback(self) -> bool:
        """True when some browser of the floor does not know it."""
        return any(self.missing_in(browser) for browser in FLOOR)


def features() -> dict[str, Feature]:
    """The table by name. Raises ValueError for a name that stands twice."""
    found: dict[str, Feature] = {}
    with (_FOLDER / "support.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["feature"] in found:
                raise ValueError(f"{row['feature']} stands twice")
            since = {browser: _version(row[browser]) for browser in FLOOR}
            found[row["feature"]] = Feature(row["feature"], since, row["source"], row["without"])
    return found


def long_known() -> set[str]:
    """What needs no look-up. Names are parted by ` | `; a heading begins with `# `."""
    text = (_FOLDER / "long_known.txt").read_text(encoding="utf-8")
    lists = _HEADING.sub(" | ", text)
    return {" ".join(it.split()) for it in _BETWEEN_NAMES.split(lists)} - {""}


def _version(text: str) -> tuple[int, ...] | None:
    return None if text == "-" else tuple(int(it) for it in text.split("."))
