"""What people would call the browser in their hand: "Chrome di Android".

Good enough to recognise one's own phone. Browsers name themselves, so no decision depends on it.
Only words from these tables are shown, never what a browser sent; the one exception is the model
of a phone, in the owner's own list of sessions.
"""

import re
from dataclasses import dataclass

from jkn.models.sign_in_session import LONGEST_MODEL

# Most browsers also send the names of browsers that they resemble: the first match counts.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("UCBrowser/", "UC Browser"),
    ("MiuiBrowser/", "Mi Browser"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "HP", "Android"),
    ("iPhone", "HP", "iPhone"),
    ("iPad", "tablet", "iPad"),
    ("Windows", "komputer", "Windows"),
    ("Macintosh", "komputer", "Mac"),
    ("CrOS", "komputer", "Chromebook"),
    ("Linux", "komputer", "Linux"),
)


@dataclass(frozen=True)
class DeviceName:
    """`kind`: HP, tablet, komputer, or perangkat where that cannot be told."""

    kind: str
    name: str


def device_name(user_agent: str) -> DeviceName:
    """Browser and system, as far as the browser says; never anything else that it says."""
    browser = next((name for sign, name in _BROWSERS if sign in user_agent), "browser lain")
    for sign, kind, system in _SYSTEMS:
        if sign in user_agent:
            return DeviceName(kind, f"{browser} di {system}")
    return DeviceName("perangkat", browser)


# Before the name of the model stands the version of Android, behind it perhaps the build. Chrome
# writes "K" instead of every model since 2023.
_IN_USER_AGENT = re.compile(r"Android [\d.]+; ([^;()]+?)(?: Build/[^;()]*)?(?:; wv)?\)")
_NO_MODELS = frozenset({"K", "Mobile", "Tablet", "wv"})
_PLAIN = re.compile(rf"[A-Za-z0-9][A-Za-z0-9 +._/-]{{,{LONGEST_MODEL - 1}}}")


def phone_model(hint: str, user_agent: str) -> str | None:
    """The model of a phone: "SM-A135F". From the client hint (`Sec-CH-UA-Model`, a quoted string),
    or else from what older browsers call themselves. None: it is not told, or not in a few plain
    letters; what a browser sends may be anything."""
    found = _IN_USER_AGENT.search(user_agent)
    told = hint.strip().strip('"').strip() or (found[1].strip() if found else "")
    is_model = told not in _NO_MODELS and _PLAIN.fullmatch(told) is not None
    return told if is_model else None
