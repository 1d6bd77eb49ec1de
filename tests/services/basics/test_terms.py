"""What people agreed to can be shown years later (R107)."""

import hashlib

import pytest

from jkn.models import ConsentPurpose
from jkn.services.basics import terms
from tests.support.world.databases import ROOT

# A text that somebody agreed to is never changed: a new wording is a new file, and a line here.
PUBLISHED = {
    "2026-11-22": "5e56908c85e3be2ef16bfed2b864a719e45fee93fe6bff692618e85dee9b0312",
    "biometrics-2026-11-22": "78b9f9c684681b53fbaaf7571a2911a985cb7bf5518d33f39d869ad79940b7d1",
    "biometrics-2026-11-30": "21905211042af681b9594c859fa89d612f591a2a4102f4f94f931eb6707ce835",
    "biometrics-2026-12-01": "61e5c2c507c574070fdb013ed2ff90f9d3ef48c813e10edf8159f84870f39990",
}
# The beginning of the file names, by purpose.
OF_PURPOSE = {ConsentPurpose.ACCOUNT: "", ConsentPurpose.BIOMETRICS: "biometrics-"}
FOLDER = ROOT / "jkn" / "templates" / "terms"


def test_no_published_text_was_changed_or_lost() -> None:
    texts = {it.stem: it for it in FOLDER.glob("*2*.html")}
    hashes = {version: hashlib.sha256(it.read_bytes()).hexdigest() for version, it in texts.items()}
    assert hashes == PUBLISHED


@pytest.mark.parametrize("purpose", ConsentPurpose)
def test_the_text_in_force_is_the_newest_published(purpose: ConsentPurpose) -> None:
    shown, start = terms.current(purpose), OF_PURPOSE[purpose]
    versions = [it.removeprefix(start) for it in PUBLISHED if it.startswith(start)]
    assert shown.version == max(it for it in versions if it[0].isdigit())
    assert shown.template == f"terms/{start}{shown.version}.html"
    assert shown.text_hash == PUBLISHED[f"{start}{shown.version}"]
