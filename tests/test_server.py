"""Starting the server as operators do: it serves, or says why it does not."""

import os
import shutil
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from jkn.sample import PASSWORD
from tests.support.world import production
from tests.support.world.databases import ROOT, DatabaseCopies, migrate
from tests.support.world.ports import reserved_port
from tests.support.world.processes import LeashedProcess, scratch_folder
from tests.support.world.waiting import wait_until

pytestmark = pytest.mark.both_databases

SAFE = {name: value for name, value in production.SAFE.items() if name != "JKN_DATABASE_URL"}
COMMANDS = {"app.py": ("app.py",), "flask": ("-m", "flask", "prepare")}
WEAK = "hunter2-hunter2"

pytestmark = pytest.mark.starts_app


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The application's files alone, as a fresh checkout has them at its second start: compiling
    them takes as long as everything else that such a test does."""
    for folder in ("jkn", "migrations"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    for file in ("app.py", "pyproject.toml"):
        shutil.copy(ROOT / file, tmp_path)
    return tmp_path


def run(clone: Path, *command: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """One command in the clone, with this environment and no other."""
    return subprocess.run(
        [sys.executable, *command],
        cwd=clone,
        env={"PATH": os.defpath, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS.keys())
def test_unsafe_settings_of_production_end_the_start_with_their_names(
    clone: Path, command: tuple[str, ...]
) -> None:
    unsafe = {**SAFE, "JKN_SECRET_KEY": WEAK, "JKN_CAPTCHA": "fixed", "FLASK_DEBUG": "1"}
    unsafe["JKN_DATABASE_URL"] = f"sqlite:///{clone}/data.sqlite3"
    del unsafe["JKN_TRUSTED_HOSTS"]
    ended = run(clone, *command, **unsafe)
    assert ended.returncode != 0
    told = ended.stdout + ended.stderr
    for name in ("JKN_SECRET_KEY", "JKN_TRUSTED_HOSTS", "JKN_CAPTCHA", "FLASK_DEBUG"):
        assert name in told
    for name in ("JKN_PEPPER must", "JKN_DATA_KEY must", "JKN_BASE_URL", "JKN_PROXY_HOPS"):
        assert name not in told
    assert not [value for value in (WEAK, *SAFE.values()) if len(value) > 12 and value in told]
    assert not (clone / "data.sqlite3").exists()
    assert not (clone / "instance").exists()


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS.keys())
def test_a_malformed_data_key_ends_the_start_and_is_not_repeated(
    clone: Path, command: tuple[str, ...]
) -> None:
    ended = run(clone, *command, **{**SAFE, "JKN_DATA_KEY": "bm90LTMyLWJ5dGVz"})
    assert ended.returncode != 0
    assert "data_key" in ended.stderr.lower()
    assert "bm90LTMyLWJ5dGVz" not in ended.stdout + ended.stderr


def test_a_database_without_the_schema_ends_the_start(
    clone: Path, database_copies: DatabaseCopies
) -> None:
    with database_copies.empty() as empty:
        ended = run(clone, "app.py", **SAFE, JKN_DATABASE_URL=empty.url)
    assert ended.returncode != 0
    assert ended.stderr.count("\n") == 1
    assert "flask prepare" in ended.stderr


def test_a_port_that_is_taken_ends_the_start(clone: Path) -> None:
    assert run(clone, "-m", "flask", "migrate").returncode == 0
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        ended = run(clone, "app.py", PORT=port)
    assert ended.returncode != 0
    assert f"Cannot listen on 127.0.0.1, port {port}" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("setting", ["PORT", "JKN_ENV", "JKN_PROXY_HOPS"])
def test_a_mistyped_setting_ends_the_start_with_its_name(clone: Path, setting: str) -> None:
    ended = run(clone, "app.py", **{setting: "s3cret"})
    assert ended.returncode != 0
    assert setting in ended.stderr
    assert "s3cret" not in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_database_of_another_release_ends_the_start(
    clone: Path, database_copies: DatabaseCopies
) -> None:
    with database_copies.empty() as other:
        migrate(other.url)
        engine = create_engine(other.url)
        with engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
        engine.dispose()
        ended = run(clone, "app.py", **SAFE, JKN_DATABASE_URL=other.url)
    assert ended.returncode != 0
    assert "flask prepare" in ended.stderr


def test_a_database_that_does_not_answer_ends_the_start_without_its_password(
    clone: Path,
) -> None:
    with reserved_port() as nobodys:
        url = f"postgresql://jkn:aVeryPrivatePassword@127.0.0.1:{nobodys}/jkn"
        ended = run(clone, "app.py", **SAFE, JKN_DATABASE_URL=url)
    assert ended.returncode != 0
    assert "aVeryPrivatePassword" not in ended.stdout + ended.stderr


def test_a_fresh_clone_needs_no_settings_and_loses_nothing_when_prepared_again(
    clone: Path,
) -> None:
    first = run(clone, "-m", "flask", "prepare")
    assert first.returncode == 0, first.stderr
    assert PASSWORD in first.stdout
    keys = (clone / "instance" / "development-keys.json").read_text()
    with serving(clone) as page:
        assert "Masuk" in page("/")
        again = run(clone, "-m", "flask", "prepare")
        assert again.returncode == 0, again.stderr
        assert "there already" in again.stdout
        assert (clone / "instance" / "development-keys.json").read_text() == keys
        assert "captcha_token" in page("/masuk")


def test_production_serves_when_everything_is_safe(
    clone: Path, database_copies: DatabaseCopies
) -> None:
    """With TLS ended by the proxy in front, which says whom the browser asked for."""
    forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "jkn.example"}
    with (
        database_copies.copy() as copy,
        serving(clone, **SAFE, JKN_DATABASE_URL=copy.url) as page,
    ):
        assert "Masuk" in page("/", **forwarded)
        with pytest.raises(urllib.error.HTTPError, match="400"):
            page("/", **{**forwarded, "X-Forwarded-Host": "evil.example"})


@contextmanager
def serving(clone: Path, **environment: str) -> Iterator[Callable[..., str]]:
    """Serve on a port of its own; what comes is called with a path, and headers to send."""
    with reserved_port() as port:
        process = LeashedProcess(
            [sys.executable, str(clone / "app.py")],
            folder=scratch_folder("server"),
            environment={"PATH": os.defpath, "PORT": str(port), **environment},
            working_folder=clone,
        )

        def page(path: str, **headers: str) -> str:
            request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
            with urllib.request.urlopen(request, timeout=60) as answer:
                return str(answer.read().decode())

        def listens() -> bool:
            assert not process.has_ended(), process.output()
            try:
                socket.create_connection(("127.0.0.1", port)).close()
            except ConnectionRefusedError:
                return False
            return True

        try:
            wait_until(listens, "the server listened", process.output)
            yield page
        finally:
            process.stop()
