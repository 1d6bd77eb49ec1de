"""The real application: prepared by its own command and served by its production server."""

import fcntl
import json
import os
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.world.connected import SECRETS
from tests.support.world.databases import ROOT
from tests.support.world.ports import reserved_port
from tests.support.world.processes import LeashedProcess, scratch_folder
from tests.support.world.waiting import wait_until

# The digits that the captcha always asks for there, so that tests can answer it.
FIXED_CAPTCHA = "12345"

# Servers of the prepared world hash and check captchas at the least cost, as the tests below the
# pages do. Benchmarks and screenshots prepare worlds of their own.
_QUICK = {"JKN_ARGON2_COST": "cheapest", "JKN_CAPTCHA_WORK": "20"}

_PEOPLE = "people.json"


@dataclass(frozen=True)
class Identity:
    """Somebody of the sample world, by a short fixed name (`flask sample list --json`)."""

    persona: str
    name: str
    nik: str
    card_number: str
    password: str


class RunningApp:
    """`url` is its address on this machine; `folder` holds its database and its log."""

    def __init__(self, process: LeashedProcess, url: str, people: list[dict[str, Any]]) -> None:
        self._process = process
        self.url = url
        self.folder = process.folder
        self._people = {it["persona"]: it for it in people}

    def identity(self, persona: str) -> Identity:
        """Raises KeyError for a persona that is not in the sample world."""
        found = self._people[persona]
        return Identity(**{name: found[name] or "" for name in Identity.__annotations__})

    def identities(self) -> list[Identity]:
        """Everybody who has an account."""
        return [self.identity(name) for name, it in self._people.items() if it["password"]]

    def log(self) -> str:
        """What the server printed so far."""
        return self._process.output()

    def tell_to_leave(self) -> None:
        """Send the server a first SIGTERM."""
        self._process.tell()

    def tell_to_end(self) -> None:
        """Send the server its last SIGTERM, and do not wait."""
        self._process.tell_to_end()

    def has_ended(self) -> bool:
        """True when the server ended by itself."""
        return self._process.has_ended()


@contextmanager
def running_app(*program: str, world: Path | None = None, **settings: str) -> Iterator[RunningApp]:
    """A server with the sample world on a port of its own; `settings` are environment variables.

    `program`: what Python runs instead of app.py. `world`: a folder for a copy of the prepared
    database. The first server makes it, and the later ones, in any process, start sooner.
    """
    folder = scratch_folder("app")
    settings = settings if world is None else _QUICK | settings
    with reserved_port() as port:
        url = f"http://localhost:{port}"
        environment = {
            **{name: it for name, it in os.environ.items() if not name.startswith("JKN_")},
            **{f"JKN_{name.upper()}": it for name, it in SECRETS.items()},
            "HOST": "127.0.0.1",
            "PORT": str(port),
            "JKN_BASE_URL": url,
            "JKN_DATABASE_URL": f"sqlite:///{folder / 'jkn.sqlite3'}",
            "JKN_ASSETS_DIR": str(folder / "assets"),
            "JKN_CAPTCHA": "fixed",
            **settings,
        }
        try:
            if world is None:
                _prepare(folder, environment)
            else:
                _prepare_once(folder, environment, world)
            people = json.loads((folder / _PEOPLE).read_text())
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        process = LeashedProcess(
            [sys.executable, *(program or ("app.py",))],
            folder=folder,
            environment=environment,
            working_folder=ROOT,
        )
        try:
            app = RunningApp(process, url, people)
            wait_until(lambda: _answers(app), "the server answered", app.log)
            yield app
        finally:
            process.stop()


def _prepare(folder: Path, environment: Mapping[str, str]) -> None:
    _flask("prepare", environment=environment)
    people = _flask("sample", "list", "--json", environment=environment)
    (folder / _PEOPLE).write_text(people)


def _prepare_once(folder: Path, environment: Mapping[str, str], world: Path) -> None:
    with world.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not world.exists():
            _prepare(folder, environment)
            shutil.copytree(folder, world)
            return
    shutil.copytree(world, folder, dirs_exist_ok=True)


def _flask(*command: str, environment: Mapping[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "flask", *command],
        cwd=ROOT,
        env=dict(environment),
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        raise RuntimeError(f"flask {' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def _answers(app: RunningApp) -> bool:
    try:
        with urllib.request.urlopen(app.url, timeout=5) as answer:
            answer.read()
    except OSError as error:
        if app.has_ended():
            raise RuntimeError(f"the server has ended:\n{app.log()}") from error
        return False
    return True
