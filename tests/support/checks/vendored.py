"""Vendored files are exactly what their project published: each folder lists its checksums."""

import hashlib
from pathlib import Path

from tests.support.world.databases import ROOT

FOLDER = ROOT / "jkn" / "static" / "vendor"
_NOT_LISTED = {"SHA256SUMS", "VERSION"}


def findings(folder: Path = FOLDER) -> list[str]:
    """Files that changed, are missing, or are not listed."""
    found = []
    packages = sorted(it for it in folder.iterdir() if it.is_dir())
    if not packages:
        found.append(f"nothing is vendored in {folder}")
    for package in packages:
        for name in ("SHA256SUMS", "VERSION", "LICENSE"):
            if not (package / name).is_file():
                found.append(f"{package.name} has no {name}")
        if (package / "SHA256SUMS").is_file():
            found += _differences(package)
    return found


def _differences(package: Path) -> list[str]:
    lines = (package / "SHA256SUMS").read_text().splitlines()
    listed = {name.lstrip("*"): digest for digest, name in (it.split(None, 1) for it in lines)}
    present = {
        it.relative_to(package).as_posix(): hashlib.sha256(it.read_bytes()).hexdigest()
        for it in package.rglob("*")
        if it.is_file() and it.name not in _NOT_LISTED
    }
    return [
        f"{package.name}/{name}: "
        + ("not listed" if name not in listed else "missing" if name not in present else "changed")
        for name in sorted(listed.keys() | present.keys())
        if listed.get(name) != present.get(name)
    ]
