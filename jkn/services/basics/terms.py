"""Syarat & ketentuan: which text is in force, and the hash that proves later that it was this one
(security.md R107; UU 27/2022 art. 20-24).

A text that people agreed to is never changed: a new wording is a new file with a new version.
"""

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from jkn.models import ConsentPurpose

_FOLDER = Path(__file__).resolve().parents[2] / "templates"
_IN_FORCE = {
    ConsentPurpose.ACCOUNT: (date(2026, 11, 22), "terms/2026-11-22.html"),
    ConsentPurpose.BIOMETRICS: (date(2026, 12, 1), "terms/biometrics-2026-12-01.html"),
}


@dataclass(frozen=True)
class Terms:
    """`template`: what pages include. `text_hash`: the SHA-256 of that file, in hexadecimal."""

    in_force_since: date
    template: str
    text_hash: str

    @property
    def version(self) -> str:
        """The first day in force (YYYY-MM-DD), as it is kept with each consent."""
        return self.in_force_since.isoformat()


@cache
def current(purpose: ConsentPurpose = ConsentPurpose.ACCOUNT) -> Terms:
    """The text in force now for this purpose."""
    since, template = _IN_FORCE[purpose]
    text = (_FOLDER / template).read_bytes()
    return Terms(since, template, hashlib.sha256(text).hexdigest())
