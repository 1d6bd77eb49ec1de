"""Mobile numbers of Indonesia, in any usual form."""

import unicodedata

from jkn.gateways import regions

LONGEST = 30


def read_phone(text: str) -> str | None:
    """The number in E.164; None when it is no mobile number of Indonesia. Full-width digits and
    spaces become plain ones. Digits of other scripts are refused."""
    plain = unicodedata.normalize("NFKC", text[: LONGEST + 1]).strip()
    if len(plain) > LONGEST or not plain.isascii():
        return None
    return regions.parse_mobile_number(plain)
