"""The checks of `make check` find nothing here, and find mistakes that are made on purpose."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.checks import file_lengths, requirements, vendored
from tests.support.checks.__main__ import CHECKS
from tests.support.world.databases import ROOT


@pytest.mark.parametrize("name", CHECKS)
def test_the_check_finds_nothing(name: str) -> None:
    assert CHECKS[name]() == []


def test_a_long_file_is_asked_about(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    (tmp_path / "vendor").mkdir()
    (tmp_path / "good.py").write_text("a = 1\n" * 400)
    (tmp_path / "long.py").write_text("a = 1\n" * 401)
    (tmp_path / "vendor" / "long.js").write_text("a\n" * 401)
    assert file_lengths.questions(tmp_path) == ["long.py has 401 lines: is it one thing?"]


@pytest.mark.parametrize(
    ("name", "content", "finding"),
    [
        ("htmx.min.js", "alert(1)", "htmx/htmx.min.js: changed"),
        ("more.js", "alert(1)", "htmx/more.js: not listed"),
        ("htmx.min.js", None, "htmx/htmx.min.js: missing"),
        ("SHA256SUMS", None, "htmx has no SHA256SUMS"),
    ],
)
def test_a_changed_vendored_file_is_found(
    tmp_path: Path, name: str, content: str | None, finding: str
) -> None:
    shutil.copytree(vendored.FOLDER / "htmx", tmp_path / "htmx")
    if content is None:
        (tmp_path / "htmx" / name).unlink()
    else:
        (tmp_path / "htmx" / name).write_text(content)
    assert vendored.findings(tmp_path) == [finding]


@pytest.mark.parametrize(
    ("file", "old", "new", "finding"),
    [
        ("pyproject.toml", '    "flask",', '    "flask",\n    "newcomer",', "None of newcomer"),
        ("pyproject.toml", '    "whitenoise",\n', "", "has whitenoise, which nothing asks for"),
        ("pyproject.toml", '"sqlalchemy>=2.1"', '"sqlalchemy>=9"', "of sqlalchemy>=9"),
        ("requirements.txt", "flask==", "flask==0.", "flask is 0."),
        ("requirements.txt", "--hash=sha256:", "--no-hash=", "has no hash"),
    ],
)
def test_pins_that_do_not_fit_are_found(
    tmp_path: Path, file: str, old: str, new: str, finding: str
) -> None:
    for name in ("pyproject.toml", "requirements.txt", "requirements-dev.txt"):
        shutil.copyfile(ROOT / name, tmp_path / name)
    assert requirements.findings(tmp_path) == []
    text = (tmp_path / file).read_text()
    assert old in text
    (tmp_path / file).write_text(text.replace(old, new))
    assert finding in "\n".join(requirements.findings(tmp_path))
