"""What every route stands on: who is there, how pages are made, what each answer carries."""

from flask import Flask

from jkn.assets import Assets
from jkn.settings import Settings
from jkn.web import access, compression, edge, errors, headers, limits, rendering


def init_app(app: Flask, settings: Settings, assets: Assets) -> None:
    """Bind everything to the application, in the order in which a request meets it."""
    headers.init_app(app, assets)
    compression.init_app(app)
    edge.init_app(app, settings)
    access.init_app(app)
    limits.init_app(app, settings)
    rendering.init_app(app, settings, assets)
    errors.init_app(app)
