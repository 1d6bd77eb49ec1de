"""The documents are true: paths, names, citations and settings in them exist."""

import re
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest

from jkn.services.passkeys import passkey_ceremonies
from jkn.settings import ROOT, Settings

DOCS = ROOT / "docs"
OPERATING = (DOCS / "operating.md").read_text()
SECURITY = (DOCS / "security.md").read_text()
# The documents whose sections are cited by number: "product.md 3.2".
NUMBERED = {
    name: (DOCS / f"{name}.md").read_text() for name in ("product", "security", "experience")
}
# A limit in the code, and a row of the table of them: "| codes | 30 | 2 minutes | `place` |".
_IS_LIMIT = re.compile(r"^(\w+) = RateLimit\(", re.MULTILINE)
_LIMIT = re.compile(r"\| (\d+) \| (\d+) (seconds|minutes?) \| `([^`]+)` \|")
# Finds the names that modules of our scripts share.
_SHARED = re.compile(r"^globalThis\.(\w+) =", re.MULTILINE)


def section(title: str) -> str:
    """The text below a heading, up to the next one."""
    (found,) = re.findall(rf"^## {title}\n(.*?)(?=^## |\Z)", OPERATING, re.MULTILINE | re.DOTALL)
    return str(found)


def test_every_setting_is_explained_by_the_name_that_operators_write() -> None:
    rows = [line for line in section("Settings").splitlines() if line.startswith("|")]
    explained = {name for row in rows for name in re.findall("`([A-Z0-9_]+)`", row.split("|")[1])}
    known = {
        str(field.validation_alias or f"JKN_{name.upper()}")
        for name, field in Settings.model_fields.items()
    }
    assert explained == known


def test_every_word_for_a_fingerprint_that_failed_is_explained() -> None:
    for word in passkey_ceremonies.CeremonyRefusal:
        assert f"`passkey_{word}`" in section("Metrics")


def test_every_limit_in_the_code_is_told_with_its_numbers() -> None:
    told = {
        place: (int(burst), timedelta(**{unit.rstrip("s") + "s": int(number)}))
        for burst, number, unit, place in _LIMIT.findall(SECURITY)
    }
    kept = {}
    for path in (ROOT / "jkn" / "services").rglob("*.py"):
        place = str(path.relative_to(ROOT))
        for name in _IS_LIMIT.findall(path.read_text()):
            limit = getattr(import_module(place.removesuffix(".py").replace("/", ".")), name)
            kept[f"{place}::{name}"] = (limit.burst, limit.interval)
    assert told == kept


def test_the_decision_names_what_modules_of_our_script_give_to_others() -> None:
    decision = (DOCS / "decisions" / "0006-a-common-script-and-parts.md").read_text()
    (told,) = re.findall(r"`globalThis` under one name \(([^)]*)\)", decision)
    scripts = (ROOT / "jkn" / "static" / "js").rglob("*.js")
    shared = {name for it in scripts for name in _SHARED.findall(it.read_text())}
    assert set(re.findall(r"`(\w+)`", told)) == shared


# What may cite, and in which files.
_CITING = ("jkn", "tests", "migrations", "benchmarks", "docs")
_KINDS = {".css", ".csv", ".html", ".js", ".md", ".py", ".sh", ".toml", ".txt"}
# R12, T3; a range like "R22-R27" stands for all ids in it.
_IDS = re.compile(r"\b([RT])(\d{1,3})\b(?:[-–][RT]?(\d{1,3})\b)?")
_NUMBER = r"\d+[a-z]?(?:\.\d+)?"
# A citation may break over two lines, and may name several sections.
_SECTIONS = rf"\.md[\s#*]+({_NUMBER}(?:(?:, | and ){_NUMBER})*)"
_NOT_BUILT = re.compile(rf"not built[^|\n]*?\bproduct{_SECTIONS}")
_ROW = re.compile(r"^\| ([RT]\d+) \|(.*)\|$", re.MULTILINE)
_NAMED = re.compile(r"`((?:jkn|tests|docs|benchmarks|migrations)/[^`\s]*)`")
_LINK = re.compile(r"\]\(([^)#:]+)\)")


def cells(row: str) -> list[str]:
    return [it.strip() for it in row.split("|")]


ROWS = [(found[1], cells(found[2])) for found in _ROW.finditer(SECURITY)]


def sections(document: str) -> dict[str, str]:
    """The text below each numbered heading, up to the next one."""
    parts = re.split(rf"^##+ ({_NUMBER})\.? .*$", NUMBERED[document], flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def ids_in(text: str) -> Iterator[str]:
    for letter, first, last in _IDS.findall(text):
        for number in range(int(first), int(last or first) + 1):
            yield f"{letter}{number:0{len(first)}}"


def numbers_in(text: str) -> list[str]:
    return re.findall(_NUMBER, text)


def dead_citations(text: str) -> set[str]:
    """Cited requirements without a row, and cited sections that do not exist."""
    dead = set(ids_in(text)) - {requirement for requirement, _ in ROWS}
    for document in NUMBERED:
        cited = re.findall(rf"\b{document}{_SECTIONS}", text)
        wanted = {number for several in cited for number in numbers_in(several)}
        dead |= {f"{document}.md {number}" for number in wanted - sections(document).keys()}
    return dead


def missing_in(text: str, folder: Path = DOCS) -> set[str]:
    """The paths and links of a document that do not exist."""
    named = {it for it in _NAMED.findall(text) if not is_there(*it.split("::"))}
    return named | {it for it in _LINK.findall(text) if not (folder / it).exists()}


def is_there(path: str, name: str = "") -> bool:
    file = ROOT / path
    if not name:
        return file.exists()
    definition = rf"^\s*(?:async def|def|class) {name}\b|^{name}\b"
    return file.is_file() and re.search(definition, file.read_text(), re.MULTILINE) is not None


def wrongly_not_built(text: str) -> set[str]:
    """Sections of product.md that a document calls not built, though they do not say so."""
    said = {number for it in _NOT_BUILT.findall(text) for number in numbers_in(it)}
    built = {it for it, text in sections("product").items() if "Not built yet" not in text}
    return said & built


def unfinished_rows(rows: list[tuple[str, list[str]]]) -> set[str]:
    """Rows whose state is not one of the four, or which lack what that state needs."""
    found = set()
    for requirement, (*what, state, kept_in, shown_by) in rows:
        is_shown = bool(_NAMED.search(kept_in) and _NAMED.search(shown_by))
        says_missing = "*Missing*" in "".join(what)
        complete = {
            "kept": is_shown and not says_missing,
            "partly": is_shown and says_missing,
            "not kept": says_missing,
            "not built": bool(_NOT_BUILT.search(f"{state}: {kept_in}")),
        }
        if not complete.get(state, False):
            found.add(f"{requirement} {state}")
    return found


def test_every_citation_leads_to_a_row_or_a_section() -> None:
    files = [it for top in _CITING for it in sorted((ROOT / top).rglob("*.*"))]
    texts = [it for it in files if it.suffix in _KINDS and "vendor" not in it.parts]
    assert len(texts) > 500
    dead = {it.relative_to(ROOT).as_posix(): dead_citations(it.read_text()) for it in texts}
    assert {path: cited for path, cited in dead.items() if cited} == {}


def test_each_requirement_has_one_row_and_none_is_left_out() -> None:
    ids = [requirement for requirement, _ in ROWS]
    traps, requirements = (sum(it[0] == letter for it in ids) for letter in "TR")
    assert ids == [
        *(f"T{number}" for number in range(1, traps + 1)),
        *(f"R{number:02}" for number in range(1, requirements + 1)),
    ]


def test_each_row_says_what_shows_it_or_what_is_missing() -> None:
    assert unfinished_rows(ROWS) == set()


@pytest.mark.parametrize("document", NUMBERED)
def test_what_a_document_names_is_there(document: str) -> None:
    assert missing_in(NUMBERED[document]) == set()


@pytest.mark.parametrize("document", NUMBERED)
def test_what_is_called_not_built_is_not_built(document: str) -> None:
    assert wrongly_not_built(NUMBERED[document]) == set()


# Put together, so that they do not stand here as citations themselves.
@pytest.mark.parametrize(
    ("text", "dead"),
    [
        ("security.md R" + "999", {"R" + "999"}),
        ("(R12, T" + "99)", {"T" + "99"}),
        ("R119-R" + "122", {"R" + "121", "R" + "122"}),
        ("product.md 3.2 and 3." + "9", {"product.md 3." + "9"}),
        ("# what experience.md\n# 6" + "b asks for", {"experience.md 6" + "b"}),
        ("(product.md 6b; security.md R13-R19; T3)", set()),
    ],
)
def test_a_citation_that_leads_nowhere_is_found(text: str, dead: set[str]) -> None:
    assert dead_citations(text) == dead


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("`jkn/nobody.py`", {"jkn/nobody.py"}),
        ("`jkn/keys.py::nobody`", {"jkn/keys.py::nobody"}),
        ("`jkn/keys.py::is_stron`", {"jkn/keys.py::is_stron"}),
        ("[nothing](nothing.md)", {"nothing.md"}),
        ("`jkn/keys.py::is_strong`, `jkn/web/`, [operating](operating.md#keys)", set()),
    ],
)
def test_what_is_not_there_is_found(text: str, missing: set[str]) -> None:
    assert missing_in(text) == missing


def test_a_journey_that_is_built_by_now_is_found() -> None:
    assert wrongly_not_built("not built: belongs to product.md 1.1, 4") == {"1.1"}


@pytest.mark.parametrize(
    "row",
    [
        ("kept. *Missing*: half of it.", "kept", "`jkn/keys.py`", "`tests/test_settings.py`"),
        ("kept", "kept", "`jkn/keys.py`", "–"),
        ("something", "partly", "`jkn/keys.py`", "`tests/test_settings.py`"),
        ("nothing", "not kept", "–", "–"),
        ("later", "not built", "–", "–"),
        ("something", "well", "`jkn/keys.py`", "`tests/test_settings.py`"),
    ],
)
def test_a_row_that_is_not_finished_is_found(row: tuple[str, ...]) -> None:
    assert unfinished_rows([("R01", [*row])]) == {f"R01 {row[1]}"}


def test_the_glossary_names_what_the_code_has() -> None:
    named = re.findall(r"`([^`]+)`", (ROOT / "docs" / "glossary.md").read_text())
    code = "\n".join(it.read_text() for it in sorted((ROOT / "jkn").rglob("*.py")))
    files = {it.name for it in (ROOT / "jkn").rglob("*.*")}
    unknown = {
        it
        for it in named
        if Path(it).name not in files
        and not re.search(rf"\b{re.escape(it.split('.')[-1])}\b", code)
    }
    assert unknown == set()
