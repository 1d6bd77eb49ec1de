"""The pinned packages are those that pyproject.toml asks for; compared without the network."""

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support.world.databases import ROOT

_PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(\[[^\]]*\])?==(?P<version>[^\s;\\]+)", re.MULTILINE)
_LOCK = "run make lock"

Pins = dict[str, tuple[str, str]]


def findings(root: Path = ROOT) -> list[str]:
    """Where pyproject.toml and the two files of pins do not agree."""
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    runtime = _pins(root / "requirements.txt")
    development = _pins(root / "requirements-dev.txt")
    needed = list(map(Requirement, project["dependencies"]))
    extra = list(map(Requirement, project["optional-dependencies"]["dev"]))
    return [
        *_differences(needed, runtime, "requirements.txt"),
        *_differences([*needed, *extra], development, "requirements-dev.txt"),
        *(
            f"{name} is {version} in requirements.txt, not so in requirements-dev.txt: {_LOCK}"
            for name, (version, _) in runtime.items()
            if development.get(name, ("", ""))[0] != version
        ),
        *(
            f"{name} in {file} has no hash: {_LOCK}"
            for file, pins in (("requirements.txt", runtime), ("requirements-dev.txt", development))
            for name, (_, block) in pins.items()
            if "--hash=sha256:" not in block
        ),
    ]


def _differences(needed: list[Requirement], pins: Pins, file: str) -> list[str]:
    found = []
    names = {canonicalize_name(it.name) for it in needed}
    for requirement in needed:
        version, _ = pins.get(canonicalize_name(requirement.name), (None, ""))
        if version is None or not requirement.specifier.contains(version, prereleases=True):
            found.append(f"{file} has {version} of {requirement}: {_LOCK}")
    for name, (_, block) in pins.items():
        if "(pyproject.toml)" in block and name not in names:
            found.append(f"{file} has {name}, which nothing asks for: {_LOCK}")
    return found


def _pins(file: Path) -> Pins:
    text = file.read_text()
    starts = list(_PIN.finditer(text))
    ends = [*(it.start() for it in starts[1:]), len(text)]
    return {
        canonicalize_name(it["name"]): (it["version"], text[it.start() : end])
        for it, end in zip(starts, ends, strict=True)
    }
