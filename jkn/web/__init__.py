"""What every route uses: who is signed in, how pages are made, what each answer carries."""

from flask import Flask

from jkn.assets import Assets
from jkn.settings import Settings
from jkn.web import (
    access,
    addresses,
    appearance,
    bell,
    compression,
    errors,
    headers,
    limits,
    metrics,
    operators,
    prefetch,
    rendering,
    request_filter,
    request_log,
)


def init_app(app: Flask, settings: Settings, assets: Assets) -> None:
    """Bind everything to the application, in the order in which a request meets it."""
    addresses.init_app(app)
    metrics.init_app(app, settings)
    operators.init_app(app, settings)
    request_log.init_app(app, settings)
    headers.init_app(app, assets)
    compression.init_app(app)
    request_filter.init_app(app, settings)
    prefetch.init_app(app, assets)
    access.init_app(app)
    limits.init_app(app, settings)
    rendering.init_app(app, settings, assets)
    appearance.init_app(app)
    bell.init_app(app)
    errors.init_app(app)
