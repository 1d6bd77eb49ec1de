"""The list of breaks: one TOML file for each area; each entry makes a line of the code wrong.

[[break]]
broken = "A code can be used twice."      # what goes wrong, in plain words
file = "jkn/services/credentials/one_time_codes.py"
old = "…"                                 # occurs exactly once; add lines around it if needed
new = "…"
tests = ["tests/services/test_x.py::test_y"]   # a file, or a function in it; never a parameter
only_on = "postgresql"                    # only if no other database can notice
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tests.support.world.databases import ROOT

LISTS = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Break:
    """`area`: the name of its list. `tests`: at least one of them must fail."""

    area: str
    broken: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]
    only_on: Literal["sqlite", "postgresql"] | None = None

    def broken_text(self, text: str) -> str:
        """The whole file with the break in it."""
        return text.replace(self.old, self.new)


def every_break(folder: Path = LISTS) -> list[Break]:
    """All breaks, area by area. Raises TypeError for an entry with a key too many or too few."""
    return [
        Break(area=file.stem, **{**entry, "tests": tuple(entry["tests"])})
        for file in sorted(folder.glob("*.toml"))
        for entry in tomllib.loads(file.read_text(encoding="utf-8"))["break"]
    ]


def with_words(breaks: Sequence[Break], words: str) -> list[Break]:
    """The breaks that have every word in their area, their sentence or their file's name."""
    wanted = words.casefold().split()
    return [it for it in breaks if all(word in _told(it) for word in wanted)]


def misfits(it: Break, root: Path = ROOT) -> Iterator[str]:
    """Why this entry does not fit the code any more; empty when it fits."""
    file = root / it.file
    if not file.is_file():
        yield f"there is no {it.file}"
        return
    text = file.read_text(encoding="utf-8")
    if (found := text.count(it.old)) != 1:
        yield f"the old text stands {found} times in {it.file}"
    elif it.old == it.new:
        yield "the new text is the old one"
    elif file.suffix == ".py" and not _is_python(it.broken_text(text)):
        yield f"{it.file} could not be read any more, which any test would notice"
    if not it.tests:
        yield "it names no test"
    for named in it.tests:
        path, _, function = named.partition("::")
        is_file = (root / path).is_file()
        if not is_file or (function and not _has_test(root / path, function)):
            yield f"there is no {named}"


def _told(it: Break) -> str:
    return f"{it.area} {it.broken} {it.file} {it.only_on or ''}".casefold()


def _is_python(text: str) -> bool:
    try:
        compile(text, "broken.py", "exec")
    except SyntaxError:
        return False
    return True


def _has_test(file: Path, function: str) -> bool:
    return re.search(rf"^def {re.escape(function)}\(", file.read_text(), re.MULTILINE) is not None
