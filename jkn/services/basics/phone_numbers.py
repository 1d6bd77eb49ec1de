"""Mobile numbers of Indonesia, in any usual form."""

import unicodedata

from jkn.gateways import regions
from jkn.services.basics.typed_text import without_marks, without_separators

LONGEST = 30
_BRACKETS = str.maketrans("", "", "()")


def read_phone(text: str) -> str | None:
    """The number in E.164; None when it is no mobile number of Indonesia. Full-width digits become
    plain ones; digits of other scripts are refused. 0062 is how phones abroad dial +62."""
    seen = unicodedata.normalize("NFKC", without_marks(text)[: LONGEST + 1]).strip()
    plain = without_separators(seen).translate(_BRACKETS)
    if len(seen) > LONGEST or not plain.isascii():
        return None
    if plain.startswith("0062"):
        plain = f"+{plain[2:]}"
    return regions.parse_mobile_number(plain)
