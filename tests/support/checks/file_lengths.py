"""Files of over 400 lines. They only raise a question: should this file be two?"""

import subprocess
from pathlib import Path

from tests.support.world.databases import ROOT

LONGEST = 400
_KINDS = {".py", ".js", ".css", ".html", ".sh", ".toml"}
_MADE_ELSEWHERE = {"vendor"}


def questions(root: Path = ROOT) -> list[str]:
    """The long files among those that are under version control or about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
    )
    files = [root / name for name in listed.stdout.split("\0") if name]
    return [
        f"{file.relative_to(root)} has {lines} lines: is it one thing?"
        for file in sorted(set(files))
        if file.suffix in _KINDS
        and file.is_file()
        and not _MADE_ELSEWHERE & set(file.parts)
        and (lines := len(file.read_text(encoding="utf-8").splitlines())) > LONGEST
    ]
