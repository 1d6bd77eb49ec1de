"""What people would call the browser in their hand: "Chrome di Android".

Good enough to recognise one's own phone. Browsers name themselves, so no decision depends on it;
only words from these tables are ever shown, never what a browser sent.
"""

from dataclasses import dataclass

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
