"""The words by which a facility's name is found: each word of it, and each end of a word that has
three letters or more, so that "jaya" finds Mekarjaya."""

from jkn.models import FacilityKind
from jkn.services.basics.name_matching import plain_words

SHORTEST = 3
_LONGEST = 40
# More words than that tell no more facilities apart, and each costs a look at the index.
_MOST = 8
# They say of what kind a facility is: a third of all names have one, so they find too much.
_OF_KINDS = frozenset(
    "puskesmas pkm klinik pratama utama dokter dr drg praktik praktek rumah sakit rs rsu rsud"
    " apotek apotik".split()
)
_CLINICS = frozenset((FacilityKind.PRIMARY_CLINIC, FacilityKind.SPECIALIST_CLINIC))
_HOSPITALS = frozenset((FacilityKind.PRIMARY_HOSPITAL, FacilityKind.HOSPITAL))
_MEANT = {
    frozenset((FacilityKind.PUSKESMAS,)): "puskesmas pkm",
    frozenset((FacilityKind.DOCTOR,)): "dokter dr",
    frozenset((FacilityKind.DENTIST,)): "drg",
    frozenset((FacilityKind.PHARMACY,)): "apotek apotik",
    _CLINICS: "klinik",
    _HOSPITALS: "rumah sakit rs rsu rsud",
}
_KINDS_BY_WORD = {word: kinds for kinds, words in _MEANT.items() for word in words.split()}


def words_of(name: str) -> set[str]:
    """What is kept for a name."""
    return {
        word[start : start + _LONGEST]
        for word in plain_words(name)
        if word not in _OF_KINDS
        for start in range(max(1, len(word) - SHORTEST + 1))
    }


def word_rows(code: str, name: str) -> list[dict[str, str]]:
    """The same as rows of the facility with this code."""
    return [{"word": word, "facility_code": code} for word in sorted(words_of(name))]


def asked_words(text: str) -> list[str]:
    """What to look for when somebody types this: words whose beginnings must all be there. Empty
    when nothing is left that tells facilities apart."""
    words = [it[:_LONGEST] for it in plain_words(text) if it not in _OF_KINDS]
    return list(dict.fromkeys(words))[:_MOST]


def asked_kinds(text: str) -> frozenset[FacilityKind]:
    """What somebody wants who types nothing but kinds, as "apotek". Empty where the text is a name,
    or says nothing of kinds."""
    if asked_words(text):
        return frozenset()
    meant = (_KINDS_BY_WORD.get(it, frozenset()) for it in plain_words(text))
    return frozenset().union(*meant)
