"""One spelling for what people write in many: names, places, facilities.

Only good for comparing; what is shown is what was written.
"""

import re
import unicodedata

_TITLES = frozenset(
    "h hj haji hajah hajjah dr drg drs dra ir prof alm almh bpk bapak ibu ny nyonya tn tuan"
    " sdr sdri".split()
)
_SAME_NAMES = dict.fromkeys(
    "m moh mohd moch mochamad mochammad mohamad mohammad mohammed muh muhamad muhammed".split(),
    "muhammad",
) | {"abd": "abdul", "st": "siti"}
_KINDS_OF_PLACES = frozenset("kota kab kabupaten adm administrasi kodya".split())
_KINDS_OF_FACILITIES = frozenset(
    "puskesmas pkm upt uptd klinik pratama dokter dr drg praktik praktek perorangan kec"
    " kecamatan".split()
)


def person_name(text: str) -> str:
    """Without case, titles, degrees after a comma, and with the many Muhammads as one."""
    words = _words(text.split(",")[0])
    named = [_SAME_NAMES.get(it, it) for it in words if it not in _TITLES]
    return " ".join(named or words)


def place_name(text: str) -> str:
    """Bogor, whether it was written as Kota Bogor, KAB. BOGOR or bogor."""
    return _without(_KINDS_OF_PLACES, text)


def facility_name(text: str) -> str:
    """Mekarjaya, whether it was written as Puskesmas Mekarjaya, PKM mekarjaya or Mekarjaya."""
    return _without(_KINDS_OF_FACILITIES, text)


def _without(kinds: frozenset[str], text: str) -> str:
    words = _words(text)
    return " ".join([it for it in words if it not in kinds] or words)


def _words(text: str) -> list[str]:
    """Apostrophes join, everything else between letters and digits parts."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    letters = "".join(it for it in folded if not unicodedata.combining(it))
    return re.findall(r"[^\W_]+", re.sub(r"['’`´]", "", letters))
