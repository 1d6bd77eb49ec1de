"""Mobile numbers of Indonesia, in any usual form."""

import unicodedata

from jkn.gateways import regions

LONGEST = 30


def read_phone(text: str) -> str | None:
    """The number in E.164, or None. Full-width digits and spaces become plain ones; those of
    other scripts are no digits here, or one number would have two spellings."""
    plain = unicodedata.normalize("NFKC", text[: LONGEST + 1]).strip()
    if len(plain) > LONGEST or not plain.isascii():
        return None
    return regions.parse_mobile_number(plain)
