"""Manifest, service worker and the page shown when there is no network."""

from hashlib import sha256

from flask import Blueprint, current_app, jsonify, make_response, render_template, url_for
from werkzeug.wrappers import Response

from jkn.assets import Assets
from jkn.web.access import impersonal
from jkn.web.rendering import render

blueprint = Blueprint("pwa", __name__)

_SHADE = "#0A5A78"
_GROUND = "#F3F7F6"
_SHORTCUTS = (
    ("home.index", "Beranda"),
    ("card.index", "Kartu JKN"),
    ("sign_in.index", "Masuk"),
    ("help.index", "Bantuan"),
)
_SCREENSHOTS = ("landing", "masuk", "beranda", "kartu")


@blueprint.get("/manifest.webmanifest")
@impersonal
def manifest() -> Response:
    """The web app manifest (W3C); everything in it is public."""
    answer = jsonify(
        id="/",
        name="Mobile JKN",
        short_name="Mobile JKN",
        description="Kartu dan kepesertaan JKN keluarga Anda di satu tempat.",
        lang="id",
        dir="ltr",
        start_url=url_for("home.index"),
        scope="/",
        display="standalone",
        display_override=["standalone", "minimal-ui"],
        orientation="any",
        background_color=_GROUND,
        theme_color=_SHADE,
        categories=["health", "medical", "government"],
        icons=[
            _icon("icon-192.png", "192x192", "any"),
            _icon("icon-512.png", "512x512", "any"),
            _icon("icon-maskable-512.png", "512x512", "maskable"),
            _icon("icon-monochrome-512.png", "512x512", "monochrome"),
        ],
        screenshots=[
            _image(f"screenshots/{name}.webp", "360x740") | {"form_factor": "narrow"}
            for name in _SCREENSHOTS
        ],
        shortcuts=[{"name": name, "url": url_for(endpoint)} for endpoint, name in _SHORTCUTS],
    )
    answer.mimetype = "application/manifest+json"
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer


@blueprint.get("/sw.js")
@impersonal
def service_worker() -> Response:
    """It stands at the root, so that it may serve the whole site. Browsers compare it byte by byte.

    Browsers may use an old one for an hour, since it knows only files that never change.
    """
    # The version covers the offline page: when that changes, phones must fetch it again.
    page = offline().get_data()
    script = render_template(
        "pwa/sw.js",
        version=sha256(_assets().version.encode() + page).hexdigest()[:16],
        offline_url=url_for("pwa.offline"),
        files=[
            _assets().url(name) for name in ("css/app.css", "js/common.js", "icons/icon-192.png")
        ],
    )
    answer = make_response(script)
    answer.mimetype = "text/javascript"
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer


@blueprint.get("/luring")
@impersonal
def offline() -> Response:
    """Every phone keeps this page for everybody, so it is the same whoever is signed in."""
    return render("pwa/offline.html", is_signed_in=False, large_text=False)


def _icon(name: str, sizes: str, purpose: str) -> dict[str, str]:
    return _image(f"icons/{name}", sizes) | {"purpose": purpose}


def _image(name: str, sizes: str) -> dict[str, str]:
    suffix = name.rpartition(".")[2]
    return {"src": _assets().url(name), "sizes": sizes, "type": f"image/{suffix}"}


def _assets() -> Assets:
    assets: Assets = current_app.extensions["assets"]
    return assets
