"""Name matching: one form for names of people, places and facilities, which are written in many.

The form is only good for comparing. What is shown is what was written.
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
    """The name without case, titles and degrees after a comma; every form of Muhammad is one."""
    words = _words(text.split(",")[0])
    named = [_SAME_NAMES.get(it, it) for it in words if it not in _TITLES]
    return " ".join(named or words)


def place_name(text: str) -> str:
    """The bare name: bogor for Kota Bogor, KAB. BOGOR or Bogor."""
    return _without(_KINDS_OF_PLACES, text)


def facility_name(text: str) -> str:
    """The bare name: mekarjaya for Puskesmas Mekarjaya, PKM mekarjaya or Mekarjaya."""
    return _without(_KINDS_OF_FACILITIES, text)


def _without(kinds: frozenset[str], text: str) -> str:
    words = _words(text)
    return " ".join([it for it in words if it not in kinds] or words)


def _words(text: str) -> list[str]:
    """The words of a text. An apostrophe joins its neighbours, any other sign separates them."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    letters = "".join(it for it in folded if not unicodedata.combining(it))
    return re.findall(r"[^\W_]+", re.sub(r"['’`´]", "", letters))
