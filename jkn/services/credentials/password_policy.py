"""Which passwords may be chosen (NIST SP 800-63B-4 3.1.1.2; ASVS 5.0 6.2).

Length is the only demand on form: there is no composition rule and no expiry. Passwords are refused
that stand on a list of common ones, or that somebody who knows the person would try first. Every
form that sets a password asks here.
"""

import functools
import itertools
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from jkn.models import Account
from jkn.services.basics import runtime
from jkn.services.credentials.passwords import LONGEST, normalised


class WeakPassword(StrEnum):
    """Why a password is refused; the first that applies is told."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    OWN_NUMBER = "own_number"
    BIRTH_DATE = "birth_date"
    OWN_NAME = "own_name"
    CONTEXT = "context"
    COMMON = "common"


@dataclass(frozen=True)
class Owner:
    """Whose password it is going to be. `card_number`, `phone`: None where there is none."""

    name: str
    nik: str
    birth_date: date
    card_number: str | None = None
    phone: str | None = None


def owner_of(account: Account) -> Owner:
    """The owner of an existing account."""
    insured = account.participant
    card_number = None if insured is None else insured.card_number
    return Owner(account.name, account.nik, account.birth_date, card_number, account.phone)


def shortest() -> int:
    """The least length, in code points."""
    return runtime.settings().password_min_length


def refusal(password: str, owner: Owner) -> WeakPassword | None:
    """Why this person may not choose this password; None: it is fine. Spaces count as characters:
    nothing is trimmed."""
    return _length(password) or _personal(password, owner) or _guessable(password)


def impersonal_refusal(password: str) -> WeakPassword | None:
    """The same without what needs the owner's data: it can be told to anybody, since it gives none
    of them away."""
    return _length(password) or _guessable(password)


def _length(password: str) -> WeakPassword | None:
    length = len(normalised(password))
    if length > LONGEST:
        return WeakPassword.TOO_LONG
    return WeakPassword.TOO_SHORT if length < shortest() else None


def _personal(password: str, owner: Owner) -> WeakPassword | None:
    in_one_form = normalised(password)
    digits = re.sub(r"[^0-9]", "", in_one_form)
    if any(number in digits for number in _numbers(owner)):
        return WeakPassword.OWN_NUMBER
    if any(written in digits for written in _birth_dates(owner.birth_date)):
        return WeakPassword.BIRTH_DATE
    return WeakPassword.OWN_NAME if _letters(in_one_form) in _names(owner.name) else None


def _guessable(password: str) -> WeakPassword | None:
    folded = normalised(password).casefold()
    letters = _letters(folded)
    if letters and not _CONTEXT.sub("", letters):
        return WeakPassword.CONTEXT
    if folded in _common() or _is_repetition(folded):
        return WeakPassword.COMMON
    return None


def _letters(text: str) -> str:
    return re.sub(r"[\W\d_]+", "", text.casefold())


# Words of this product, alone or joined, with any digits and signs around them.
_CONTEXT = re.compile(
    "mobile|aplikasi|jaminan|kesehatan|nasional|bpjs|jkn|kis|peserta|kartu|sehat|indonesia"
)


def _numbers(owner: Owner) -> list[str]:
    numbers = [owner.nik]
    if owner.card_number:
        numbers.append(owner.card_number)
    if owner.phone:
        # +62 812… is typed as 0812… or 62812…: what they share is enough.
        numbers.append(owner.phone.removeprefix("+62"))
    return numbers


def _birth_dates(day: date) -> list[str]:
    return [day.strftime(form) for form in ("%d%m%Y", "%Y%m%d", "%d%m%y", "%y%m%d")]


def _names(name: str) -> set[str]:
    words = re.findall(r"\w+", name.casefold())
    parts = {*words, "".join(words), "".join(reversed(words))}
    pairs = {first + second for first in words for second in words}
    return {part for part in parts | pairs if len(part) > 2}


def _is_repetition(text: str) -> bool:
    """One short piece over and over, or a run up or down: aaaaaaaa, abcabcabc, 12345678."""
    if re.fullmatch(r"(.{1,4}?)\1+.{0,3}", text):
        return True
    steps = {ord(after) - ord(before) for before, after in itertools.pairwise(text)}
    return steps in ({1}, {-1})


@functools.cache
def _common() -> frozenset[str]:
    # Half a megabyte, read when somebody first chooses a password.
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return frozenset(FREQUENCY_LISTS["passwords"]) | _COMMON_HERE


# Seen often in Indonesia and missing from the English list.
_COMMON_HERE = frozenset(
    (
        "bismillah bismillah1 bismillah123 alhamdulillah assalamualaikum subhanallah"
        " sayangku sayangkamu akusayangkamu sayang123 cintaku cintakamu akucintakamu"
        " rahasia1 rahasia123 katasandi katasandi1 katasandi123 sandiku123 passwordku"
        " indonesia indonesia1 indonesia45 merdeka45 merdeka1945 17081945 garuda123"
        " keluargaku keluarga123 anakku123 mamapapa papamama ayahbunda bundaayah"
        " semangat123 jakarta123 bandung123 surabaya1 persib1933 persija1928"
        " terserah terserah1 gakadalah lupapassword lupasandi tidaktahu"
    ).split()
)
