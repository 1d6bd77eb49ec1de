"""Six digits: a code as it is drawn, a code or a PIN as people type it."""

import secrets
import unicodedata

from jkn.services.basics.typed_text import without_separators

DIGITS = 6


def draw(length: int = DIGITS) -> str:
    """Any number of so many digits, each as likely as the others (ASVS 11.5.1)."""
    return "".join(secrets.choice("0123456789") for _ in range(length))


def read(typed: str, *lengths: int) -> str | None:
    """The digits of "123 456" or of full-width ones; None for anything else. `lengths`: how many
    they may be, where that is not six."""
    lengths = lengths or (DIGITS,)
    if len(typed) > 4 * max(lengths):
        return None
    digits = without_separators(unicodedata.normalize("NFKC", typed))
    return digits if len(digits) in lengths and digits.isascii() and digits.isdigit() else None
