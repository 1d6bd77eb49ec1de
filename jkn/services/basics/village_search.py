"""Finds villages by a part of their name, with or without words of the places around them, or by
their postal code, as people type it."""

import functools
import heapq
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from jkn.gateways.regions import Region
from jkn.services.basics import region_list
from jkn.services.basics.name_matching import plain_words
from jkn.services.basics.region_list import KINDS_OF_VILLAGES, name_key

MOST = 20
LONGEST = 150
_SHORTEST = 2
# A shorter one stands in thousands of names, so it is only looked for where names begin.
_SHORTEST_PART = 3
# No name of a village has more words, and no two places around it together have.
_MOST_WORDS = 6
_POSTAL_CODE = re.compile(r"[0-9]{5}")
_DIGITS = re.compile(r"[0-9]+")
_POSTAL_WORDS = frozenset("kode pos kodepos".split())
# What follows these is the name of a place around the village.
_KINDS_OF_DISTRICTS = frozenset("kec kecamatan distrik".split())
_KINDS_OF_PLACES = _KINDS_OF_DISTRICTS | frozenset("kab kabupaten prov prop provinsi".split())
_SAME_WORDS = {"kab": "kabupaten", "adm": "administrasi", "kodya": "kota"}
_WORDS_FOR_NOTHING = _KINDS_OF_DISTRICTS | frozenset("prov prop provinsi".split())
_PROVINCES = {
    "babel": "bangkabelitung",
    "diy": "yogyakarta",
    "dki": "jakarta",
    "jabar": "jawabarat",
    "jateng": "jawatengah",
    "jatim": "jawatimur",
    "jogja": "yogyakarta",
    "kalbar": "kalimantanbarat",
    "kalsel": "kalimantanselatan",
    "kaltara": "kalimantanutara",
    "kalteng": "kalimantantengah",
    "kaltim": "kalimantantimur",
    "kepri": "kepulauanriau",
    "malut": "malukuutara",
    "ntb": "nusatenggarabarat",
    "ntt": "nusatenggaratimur",
    "sulbar": "sulawesibarat",
    "sulsel": "sulawesiselatan",
    "sulteng": "sulawesitengah",
    "sultra": "sulawesitenggara",
    "sulut": "sulawesiutara",
    "sumbar": "sumaterabarat",
    "sumsel": "sumateraselatan",
    "sumut": "sumaterautara",
}


class SearchOutcome(StrEnum):
    """What became of a search."""

    FOUND = "found"
    NOTHING_TYPED = "nothing_typed"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    NOT_FIVE_DIGITS = "not_five_digits"
    UNKNOWN_POSTAL_CODE = "unknown_postal_code"
    UNKNOWN_NAME = "unknown_name"


class VillageKind(StrEnum):
    """What a village is, which its code says (Permendagri 58/2021: 1…, 2…, 3…)."""

    KELURAHAN = "1"
    DESA = "2"
    DESA_ADAT = "3"


@dataclass(frozen=True)
class Found:
    """At most `MOST` villages, the best first. `has_more`: others fit as well."""

    outcome: SearchOutcome
    villages: list[Region] = field(default_factory=list)
    has_more: bool = False


def search(typed: str) -> Found:
    """The villages that the text may mean. Whatever was typed, there is an answer."""
    if len(typed) > LONGEST:
        return Found(SearchOutcome.TOO_LONG)
    words = plain_words(typed)
    if not words:
        return Found(SearchOutcome.NOTHING_TYPED)
    postal_codes = [it for it in words if _POSTAL_CODE.fullmatch(it)]
    if postal_codes:
        words = [it for it in words if it not in _POSTAL_WORDS and it not in postal_codes]
        return _by_postal_code(postal_codes[0], words)
    if _DIGITS.fullmatch(words[-1]) and all(
        it in _POSTAL_WORDS or _DIGITS.fullmatch(it) for it in words
    ):
        return Found(SearchOutcome.NOT_FIVE_DIGITS)
    if len("".join(words)) < _SHORTEST:
        return Found(SearchOutcome.TOO_SHORT)
    before_comma = len(plain_words(typed.partition(",")[0])) if "," in typed else 0
    for name, around in _ways_to_read(words, before_comma):
        if found := [it for it in _named(name) if _lies_in(it[1], around)]:
            return _best(found, name)
    return Found(SearchOutcome.UNKNOWN_NAME)


def kind_of_village(code: str) -> VillageKind | None:
    """What the village with this code is; None where the code does not say it."""
    sign = code[9:10]
    return VillageKind(sign) if sign in set(VillageKind) else None


def _by_postal_code(postal_code: str, words: list[str]) -> Found:
    """Words that stand beside the postal code choose among its villages, unless none has them."""
    found = region_list.villages_with_postal_code(postal_code)
    if not found:
        return Found(SearchOutcome.UNKNOWN_POSTAL_CODE)
    wanted = [name_key(it) for it in words if it not in KINDS_OF_VILLAGES]
    named = [it for it in found if all(word in it[0] for word in wanted)]
    return _best(named or found, "")


def _ways_to_read(words: list[str], before_comma: int) -> Iterator[tuple[str, list[str]]]:
    """Name and words of places around it, the likeliest way first: cut where a comma or *kec.* says
    so, else with as long a name as possible; at last with the place before the name."""
    kinds = [at for at, it in enumerate(words[:-1]) if it in KINDS_OF_VILLAGES]
    if kinds:
        # A whole address: the village follows its kind.
        before_comma = max(0, before_comma - kinds[-1] - 1)
        words = words[kinds[-1] + 1 :]
    count = len(words)
    said = [at for at, it in enumerate(words) if at and it in _KINDS_OF_PLACES]
    cuts = [it for it in (*said[:1], before_comma) if 0 < it < count]
    cuts += range(min(count, _MOST_WORDS), 0, -1)
    for cut in dict.fromkeys(cuts):
        yield name_key(" ".join(words[:cut])), _places_meant(words[cut:])
    if count <= _MOST_WORDS // 2 + 1:
        for cut in range(1, count):
            yield name_key(" ".join(words[cut:])), _places_meant(words[:cut])


def _places_meant(words: list[str]) -> list[str]:
    same = [_PROVINCES.get(it, _SAME_WORDS.get(it, it)) for it in words]
    return [it for it in same if it not in _WORDS_FOR_NOTHING]


def _named(name: str) -> Iterator[tuple[str, str]]:
    if len(name) >= _SHORTEST_PART:
        yield from region_list.villages_named(name)
    elif len(name) >= _SHORTEST:
        yield from region_list.villages_whose_names_begin(name)


def _lies_in(code: str, around: list[str]) -> bool:
    return not around or all(it in _places_around(code[:8]) for it in around)


_places_around = functools.lru_cache(8192)(region_list.place_key)


def _best(found: list[tuple[str, str]], name: str) -> Found:
    """Those with exactly this name, then those whose names begin with it, then the others."""

    def order(village: tuple[str, str]) -> tuple[bool, bool, str, str]:
        key, code = village
        return (key != name, not key.startswith(name), key, code)

    best = [code for _, code in heapq.nsmallest(MOST, found, key=order)]
    villages = [it for it in map(region_list.region, best) if it is not None]
    return Found(SearchOutcome.FOUND, villages, has_more=len(found) > len(best))
