"""Name matching: one form for names of people, places and facilities, which are written in many.

The form is only good for comparing: it has neither spaces nor signs. What is shown is what was
written. A letter that tells people apart is never dropped (docs/decisions/0037).
"""

import re
import unicodedata
from collections.abc import Iterable

from jkn.services.basics.degrees import without_degrees
from jkn.services.basics.typed_text import without_marks

_TITLES = frozenset(
    "h hj haji hajah hajjah kh kyai dr drg drh drs dra ir prof ns ners apt pdt bpk bapak ibu ny"
    " nyonya nn tn tuan sdr sdri".split()
)
_DECEASED = frozenset("alm almh almarhum almarhumah".split())
_SAME_NAMES = dict.fromkeys(
    "mhd moh mohd moch mochamad mochammad moehamad moehammad mohamad mohamed mohammad mohammed"
    " mokhamad mokhammad much muchamad muchammad muh muhd muhamad muhamed muhammed mukhamad"
    " mukhammad".split(),
    "muhammad",
) | {"abd": "abdul", "sitti": "siti"}
# Letters that stand for a name only where it comes first: elsewhere M may be Mulyadi.
_FIRST_NAMES = {"m": "muhammad", "st": "siti"}
_SAME_PLACES = {"kep": "kepulauan", "tj": "tanjung", "tg": "tanjung", "gn": "gunung"}
_KINDS_OF_PLACES = frozenset("kota kab kabupaten adm administrasi kodya kotamadya".split())
# These are written together with a name, too: Kotabaru, Lima Puluh Kota. All others would be
# beginnings of names, as of Kabanjahe.
_JOINED_KIND = re.compile(r"^(?:kabupaten|kotamadya|kota|administrasi)+(?=.)|(?<=.)kota$")
_KINDS_OF_FACILITIES = frozenset(
    "puskesmas pkm upt uptd klinik pratama dokter dr drg praktik praktek perorangan kec"
    " kecamatan".split()
)
# As keyboards, word processors and Arabic names write it.
_APOSTROPHES = re.compile("['’‘‛`´ʼʻʽʾʿʹˈ′＇]")


def person_name(text: str) -> str:
    """The name without case, spaces, signs, titles and degrees; every form of Muhammad is one."""
    words = list(_without(_DECEASED, without_degrees(_until_comma(text))))
    # A title never comes last: what stands there is the name.
    named = [it for it in words[:-1] if it not in _TITLES] + words[-1:]
    if len(named) > 1:
        named[0] = _FIRST_NAMES.get(named[0], named[0])
    return "".join(_SAME_NAMES.get(it, it) for it in named)


def place_name(text: str) -> str:
    """The bare name: bogor for Kota Bogor, KAB. BOGOR or Bogor; gunungkidul for Gunung Kidul."""
    words = (_SAME_PLACES.get(it, it) for it in _without(_KINDS_OF_PLACES, text))
    return _JOINED_KIND.sub("", "".join(words))


def facility_name(text: str) -> str:
    """The bare name: mekarjaya for Puskesmas Mekarjaya, PKM mekar jaya or Mekarjaya."""
    return "".join(_without(_KINDS_OF_FACILITIES, text))


def _until_comma(text: str) -> str:
    """What stands before the first comma after a name: degrees follow it, with or without one."""
    parts = text.split(",")
    named = (it for it in parts if not set(plain_words(it)) <= _TITLES)
    return next(named, parts[0])


def _without(kinds: frozenset[str], text: str) -> Iterable[str]:
    words = plain_words(text)
    return [it for it in words if it not in kinds] or words


def plain_words(text: str) -> list[str]:
    """The words of a text, without case and accents. An apostrophe joins its neighbours, any other
    sign separates them."""
    folded = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", without_marks(text))).casefold()
    letters = "".join(it for it in folded if not unicodedata.combining(it))
    return re.findall(r"[^\W_]+", letters)
