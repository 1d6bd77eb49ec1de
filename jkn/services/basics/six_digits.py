"""Six digits: a code as it is drawn, a code or a PIN as people type it."""

import secrets
import unicodedata

from jkn.services.basics.typed_text import without_separators

DIGITS = 6


def draw() -> str:
    """Any of the million, each as likely as the others (ASVS 11.5.1)."""
    return "".join(secrets.choice("0123456789") for _ in range(DIGITS))


def read(typed: str) -> str | None:
    """The six digits of "123 456" or of full-width ones; None for anything else."""
    if len(typed) > 4 * DIGITS:
        return None
    digits = without_separators(unicodedata.normalize("NFKC", typed))
    return digits if len(digits) == DIGITS and digits.isascii() and digits.isdigit() else None
