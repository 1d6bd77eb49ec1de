"""Six digits as people type them: a code, a PIN."""

import unicodedata

from jkn.services.identity_numbers import without_separators

DIGITS = 6


def read(typed: str) -> str | None:
    """The six digits of "123 456" or of full-width ones; None for anything else."""
    if len(typed) > 4 * DIGITS:
        return None
    digits = without_separators(unicodedata.normalize("NFKC", typed))
    return digits if len(digits) == DIGITS and digits.isascii() and digits.isdigit() else None
