"""Static files: named by their content, written whole, and kept for pages from before a release."""

import re
from pathlib import Path

import pytest
from flask import Flask

from jkn import assets
from tests.support.rules import scripts

JS = assets.SOURCE / "js"
TEMPLATES = assets.SOURCE.parent / "templates"


def test_every_file_is_served_under_a_name_that_holds_a_digest_of_it(tmp_path: Path) -> None:
    built = assets.prepare(tmp_path)
    assert built.url("css/app.css").startswith("/static/css/app.")
    for url in built.urls.values():
        assert (tmp_path / url.removeprefix("/static/")).is_file()
    assert (tmp_path / f"{built.url('js/common.js').removeprefix('/static/')}.br").is_file()


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
        is_text = url.endswith((".css", ".js", ".json", ".svg"))
        assert answer.headers.get("Content-Encoding") == ("br" if is_text else None)


def test_every_element_is_defined_by_the_module_of_its_name() -> None:
    """So that the app finds the script of an element without a list."""
    by_name = {it: part for part in scripts.homes().values() for it in assets.elements(part)}
    assert by_name == scripts.homes()
    modules = [it.stem for it in JS.rglob("*.js") if it.parent.name == "elements"]
    assert sorted(modules) == sorted(scripts.homes())


def test_every_module_is_in_the_script_of_its_folder(tmp_path: Path) -> None:
    built = assets.prepare(tmp_path)
    for path in JS.rglob("*.js"):
        folder, *within = path.relative_to(JS).parts
        assert within, f"{path.name} lies in no folder"
        assert f"js/{folder}.js" in built.urls


def test_every_script_beside_the_common_one_is_loaded_for_some_template() -> None:
    text = "".join(it.read_text() for it in TEMPLATES.rglob("*.html"))
    used = {scripts.homes()[it] for it in scripts.homes() if f"<{it}" in text}
    assert used | {scripts.COMMON} == {it.name for it in JS.iterdir()}
    assert [it for it in scripts.homes() if f"<{it}" not in text] == []


def test_no_script_needs_another_beside_the_common_one() -> None:
    """Modules share names by `globalThis`. A script may use only those of its own and the common
    one, so that no element needs a second script."""
    for lender in JS.rglob("*.js"):
        home = lender.relative_to(JS).parts[0]
        for name in re.findall(r"^globalThis\.(\w+) =", lender.read_text(), re.MULTILINE):
            users = {it for it in JS.rglob("*.js") if re.search(rf"\b{name}\b", it.read_text())}
            foreign = {it.relative_to(JS).parts[0] for it in users} - {home}
            assert home == scripts.COMMON or not foreign, f"{name} of {home} is used in {foreign}"


def test_html_names_the_scripts_that_it_needs(tmp_path: Path) -> None:
    built = assets.prepare(tmp_path)
    access, captcha, code = (built.url(f"js/{it}.js") for it in ("access", "captcha", "code"))
    assert built.scripts_for("<p>&lt;code-input&gt;</p>") == []
    assert built.scripts_for("<switch-row></switch-row>") == []
    assert built.scripts_for("<code-input data-sms><resend-timer>") == [code]
    assert built.scripts_for("<resend-timer>\n<auto-check\nclass=a><passkey-form>") == [
        access,
        captcha,
        code,
    ]
    assert built.scripts_for("<code-input-of-tomorrow>") == []
