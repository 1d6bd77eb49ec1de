"""Static files: named by content, put in place whole, kept for pages opened before a release."""

from pathlib import Path

from jkn import assets


def test_every_file_is_served_under_a_name_that_holds_a_digest_of_it(tmp_path: Path) -> None:
    built = assets.prepare(tmp_path)
    assert built.url("css/app.css").startswith("/static/css/app.")
    for url in built.urls.values():
        assert (tmp_path / url.removeprefix("/static/")).is_file()
    assert (tmp_path / f"{built.url('js/app.js').removeprefix('/static/')}.br").is_file()


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
