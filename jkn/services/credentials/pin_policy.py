"""Which PINs may be chosen: not those that a stranger, or somebody who knows the person, would try
first (security.md R42; NIST SP 800-63B-4 3.1.1.2 by analogy)."""

import itertools
import re
from datetime import date
from enum import StrEnum

from jkn.services.basics.wording import local_phone
from jkn.services.credentials.password_policy import Owner


class WeakPin(StrEnum):
    """Why a PIN is refused; the first that applies is told."""

    TRIVIAL = "trivial"
    BIRTH_DATE = "birth_date"
    OWN_NUMBER = "own_number"


def refusal(pin: str, owner: Owner) -> WeakPin | None:
    """Why this person may not choose this PIN; None: it is fine."""
    if _is_trivial(pin):
        return WeakPin.TRIVIAL
    if pin in _birth_dates(owner.birth_date):
        return WeakPin.BIRTH_DATE
    numbers = (owner.nik, owner.card_number or "", local_phone(owner.phone or ""))
    if any(pin in number for number in numbers):
        return WeakPin.OWN_NUMBER
    return None


def _is_trivial(pin: str) -> bool:
    """111111, 121212, 123123, 112233, 123456, 135791, 000001 and the like."""
    steps = [(int(after) - int(before)) % 10 for before, after in itertools.pairwise(pin)]
    is_run = len(set(steps)) == 1
    is_pairs = re.fullmatch(r"(.)\1(.)\2(.)\3", pin) is not None
    is_repeated = re.fullmatch(r"(.{1,3}?)\1+", pin) is not None
    is_mirrored = pin == pin[::-1]
    is_nearly_one_digit = len(set(pin)) <= 2
    return is_run or is_pairs or is_repeated or is_mirrored or is_nearly_one_digit or pin in _SEEN


def _birth_dates(day: date) -> set[str]:
    forms = ("%d%m%y", "%y%m%d", "%m%d%y", "%y%d%m", "%m%Y", "%Y%m", "%d%Y", "%Y%d")
    return {day.strftime(form) for form in forms}


# Patterns on the keys of a phone, national days, and others from lists of common PINs.
_SEEN = frozenset(
    "147258 258369 369258 147369 159753 357951 142536 123654 456123 321654 741852 789456 987654"
    " 170845 081945 171945 112358 314159 246810 102030 520131 123789 101010 007007 165165".split()
)
