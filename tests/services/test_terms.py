"""What people agreed to can be shown years later (R107)."""

import hashlib

from jkn.services import terms
from tests.support.databases import ROOT

# A text that somebody agreed to is never changed: a new wording is a new file, and a line here.
PUBLISHED = {
    "2026-11-22": "5e56908c85e3be2ef16bfed2b864a719e45fee93fe6bff692618e85dee9b0312",
}
FOLDER = ROOT / "jkn" / "templates" / "terms"


def test_no_published_text_was_changed_or_lost() -> None:
    texts = {it.stem: it for it in FOLDER.glob("2*.html")}
    hashes = {version: hashlib.sha256(it.read_bytes()).hexdigest() for version, it in texts.items()}
    assert hashes == PUBLISHED


def test_the_text_in_force_is_the_newest_published() -> None:
    shown = terms.current()
    assert shown.version == max(PUBLISHED)
    assert shown.text_hash == PUBLISHED[shown.version]
