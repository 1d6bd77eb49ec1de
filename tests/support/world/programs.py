"""Finding the programs that the tests need beside Python packages."""

import functools
import os
import shutil
import subprocess
from pathlib import Path

import pytest

IS_CI = os.environ.get("CI", "").lower() in ("1", "true")


class ToolMissing(Exception):
    """A program is not installed; `tests/support/install_tools.sh` installs it."""


@functools.cache
def chromium() -> str:
    """Path of the browser. Raises ToolMissing."""
    named = os.environ.get("JKN_TEST_CHROMIUM")
    for name in (named, "chromium", "chromium-browser", "google-chrome"):
        if name and (found := shutil.which(name)):
            return found
    raise ToolMissing("Chromium is not installed")


@functools.cache
def headless_chromium() -> str:
    """Path of the same engine without windows, which takes half as much work; of the browser itself
    where only that is installed. Raises ToolMissing."""
    if os.environ.get("JKN_TEST_CHROMIUM"):
        return chromium()
    return shutil.which("chromium-headless-shell") or chromium()


@functools.cache
def postgresql_folder() -> Path:
    """The newest folder with PostgreSQL's programs. Raises ToolMissing."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    folders = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    for initdb in sorted(folders, key=lambda path: int(path.parts[-3]), reverse=True):
        return initdb.parent
    raise ToolMissing("PostgreSQL is not installed")


@functools.cache
def redis_server() -> str:
    """Path of Redis. Raises ToolMissing."""
    if found := shutil.which("redis-server"):
        return found
    raise ToolMissing("Redis is not installed")


def want_typeface(name: str) -> None:
    """Raises ToolMissing where this typeface is not installed."""
    if not shutil.which("fc-list") or subprocess.run(["fc-list", "-q", name]).returncode:
        raise ToolMissing(f"The typeface {name} is not installed")


def skip_without(missing: ToolMissing) -> None:
    """Skip this test, visibly; where nothing may be skipped, fail it."""
    reason = f"{missing}: run tests/support/install_tools.sh"
    if IS_CI:
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
