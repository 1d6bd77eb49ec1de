"""How the app looks on this phone: two cookies, so that it holds before signing in, too."""

from enum import StrEnum
from typing import Any

from flask import Flask, current_app, request


class ColourScheme(StrEnum):
    """What the pages are painted in. The values are what the cookie holds."""

    PHONE = "phone"
    LIGHT = "light"
    DARK = "dark"


NAMES: dict[str, str] = {
    ColourScheme.PHONE: "Ikut HP",
    ColourScheme.LIGHT: "Terang",
    ColourScheme.DARK: "Gelap",
}


def has_large_text() -> bool:
    """Whether *Huruf besar* is on."""
    return request.cookies.get(current_app.config["LARGE_TEXT_COOKIE"]) == "1"


def colour_scheme() -> ColourScheme:
    """What was chosen on this phone; any value that is not one of these means: as the phone is."""
    written = request.cookies.get(current_app.config["COLOUR_SCHEME_COOKIE"])
    return ColourScheme(written) if written in set(ColourScheme) else ColourScheme.PHONE


def init_app(app: Flask) -> None:
    """Hand the choices to every page, so that it is right from the first paint."""

    @app.context_processor
    def about_the_looks() -> dict[str, Any]:
        scheme = colour_scheme()
        return {
            "large_text": has_large_text(),
            "scheme_name": NAMES[scheme],
            # None: the phone decides.
            "forced_scheme": None if scheme is ColourScheme.PHONE else scheme,
        }
