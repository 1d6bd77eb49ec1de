"""What operators and readers are told is so."""

import re

from jkn.services import passkey_ceremonies
from jkn.settings import ROOT, Settings

OPERATING = (ROOT / "docs" / "operating.md").read_text()
# How a name is found that another module of our script may use.
_SHARED = re.compile(r"^globalThis\.(\w+) =", re.MULTILINE)


def section(title: str) -> str:
    """What stands below a heading, up to the next."""
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
    for word in passkey_ceremonies.Refusal:
        assert f"`passkey_{word}`" in section("Figures")


def test_the_decision_names_what_modules_of_our_script_give_to_others() -> None:
    decision = (ROOT / "docs" / "decisions" / "0006-one-script-one-stylesheet.md").read_text()
    (told,) = re.findall(r"`globalThis` under one name \(([^)]*)\)", decision)
    scripts = (ROOT / "jkn" / "static" / "js").rglob("*.js")
    shared = {name for it in scripts for name in _SHARED.findall(it.read_text())}
    assert set(re.findall(r"`(\w+)`", told)) == shared
