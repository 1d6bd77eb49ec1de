"""Static files: named by content, put in place whole, kept for pages opened before a release."""

from pathlib import Path

import pytest
from flask import Flask

from jkn import assets


def test_every_file_is_served_under_a_name_that_holds_a_digest_of_it(tmp_path: Path) -> None:
    built = assets.prepare(tmp_path)
    assert built.url("css/app.css").startswith("/static/css/app.")
    for url in built.urls.values():
        assert (tmp_path / url.removeprefix("/static/")).is_file()
    assert (tmp_path / f"{built.url('js/app.js').removeprefix('/static/')}.br").is_file()


def test_every_stylesheet_is_in_the_bundle_once() -> None:
    folder = assets.SOURCE / "css"
    listed = (folder / "index.txt").read_text().split()
    assert sorted(listed) == sorted(
        it.relative_to(folder).as_posix() for it in folder.rglob("*.css")
    )


def test_nothing_but_published_files_lies_in_the_folder(tmp_path: Path) -> None:
    built = assets.prepare(tmp_path)
    known = {url.removeprefix("/static/") for url in built.urls.values()}
    found = {
        path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()
    }
    assert {name.removesuffix(".br").removesuffix(".gz") for name in found} == known


def test_files_of_an_earlier_release_stay(tmp_path: Path) -> None:
    earlier = tmp_path / "js" / "app.0123456789.js"
    earlier.parent.mkdir()
    earlier.write_text("// yesterday")
    assets.prepare(tmp_path)
    assert earlier.read_text() == "// yesterday"


def test_starting_again_writes_nothing_anew(tmp_path: Path) -> None:
    first = assets.prepare(tmp_path)
    times = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    assert assets.prepare(tmp_path) == first
    assert {path: path.stat().st_mtime_ns for path in times} == times


@pytest.mark.parametrize("database_copies", ["sqlite"], indirect=True)
def test_browsers_may_keep_a_file_for_ever(app: Flask) -> None:
    for url in app.extensions["assets"].urls.values():
        answer = app.test_client().get(url, headers={"Accept-Encoding": "gzip, br"}, buffered=True)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Access-Control-Allow-Origin" not in answer.headers
        is_text = url.endswith((".css", ".js", ".svg"))
        assert answer.headers.get("Content-Encoding") == ("br" if is_text else None)
