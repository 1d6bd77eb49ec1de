"""Engines and applications that live as long as the test worker, since making one costs more than
most tests: an engine has cached its statements, an application its routes and templates."""

from typing import Any

from flask import Flask
from sqlalchemy import Engine

from jkn import create_app
from jkn.database import bind
from jkn.extensions import limiter
from jkn.logs import configure_logging
from jkn.services.basics import runtime
from jkn.settings import Settings


class Standing:
    """Keeps one engine and one application for each set of settings."""

    def __init__(self) -> None:
        self._engines: dict[Settings, Engine] = {}
        self._apps: dict[Settings, Flask] = {}

    def engine(self, settings: Settings) -> Engine | None:
        """The engine of these settings, if there is one."""
        return self._engines.get(settings)

    def keep_engine(self, settings: Settings, engine: Engine) -> None:
        """Use this one from now on."""
        self._engines.setdefault(settings, engine)

    def app(self, settings: Settings) -> Flask:
        """The application of these settings, as if it had been made just now."""
        app = self._apps.get(settings)
        if app is None:
            app = self._apps[settings] = create_app(settings)
            self._engines[settings] = app.extensions["engine"]
        else:
            configure_logging(settings.log_level, as_json=settings.is_production)
            bind(app.extensions["engine"], settings)
            runtime.bind(settings)
            # This makes a new store for the limiter, without earlier counts.
            limiter.init_app(app)
        return app


def shape_of(app: Flask) -> dict[str, Any]:
    """What a test could change about an application that others use, too."""
    return {
        "routes": len(list(app.url_map.iter_rules())),
        "views": dict(app.view_functions),
        "settings": dict(app.config),
        "extensions": list(app.extensions),
        "template globals": dict(app.jinja_env.globals),
        "template filters": dict(app.jinja_env.filters),
        "before requests": {name: len(it) for name, it in app.before_request_funcs.items()},
        "after requests": {name: len(it) for name, it in app.after_request_funcs.items()},
        # Looking a handler up leaves empty entries, which do not count as a change.
        "errors": {
            (name, code): list(handlers.values())
            for name, codes in app.error_handler_spec.items()
            for code, handlers in codes.items()
            if handlers
        },
        "WSGI": app.wsgi_app,
    }
