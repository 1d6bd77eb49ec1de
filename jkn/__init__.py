"""Mobile JKN: the participant app of Indonesia's national health insurance."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from jkn import assets, blueprints, cli, database, extensions, web
from jkn.logs import configure_logging
from jkn.services.basics import dated_rules, runtime
from jkn.settings import Settings, load_settings
from jkn.web.headers import security_headers


def create_app(settings: Settings | None = None) -> Flask:
    """The application: settings, database, services, extensions, web, blueprints, in this order.

    Raises UnsafeSettings when production would start with settings that put people at risk, and
    UnusableRules when the rules of the insurance cannot be true.
    """
    settings = settings or load_settings()
    configure_logging(settings.log_level, as_json=settings.is_production)
    app = Flask(__name__, static_folder=None)
    app.config.update(_flask_config(settings))

    app.extensions["engine"] = database.connect(settings)
    runtime.bind(settings)
    dated_rules.rule_book()
    built = app.extensions["assets"] = assets.prepare(settings.assets_dir)

    web.init_app(app, settings, built)
    extensions.csrf.init_app(app)
    extensions.htmx.init_app(app)
    blueprints.init_app(app, settings)
    cli.init_app(app, settings)

    app.wsgi_app = _static_files(app, built)  # type: ignore[method-assign]
    if settings.proxy_hops:
        hops = settings.proxy_hops
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )
    return app


def _flask_config(settings: Settings) -> dict[str, object]:
    # With "__Host-" browsers refuse a cookie that a sibling host set, or that came without TLS.
    prefix = "__Host-" if settings.is_secure else ""
    return {
        "SECRET_KEY": settings.secret_key,
        "SECRET_KEY_FALLBACKS": list(settings.secret_key_fallbacks),
        "TESTING": settings.env == "test",
        "SESSION_COOKIE_NAME": f"{prefix}jkn",
        "SESSION_COOKIE_SECURE": settings.is_secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "LARGE_TEXT_COOKIE": f"{prefix}huruf",
        "COLOUR_SCHEME_COOKIE": f"{prefix}warna",
        "DEVICE_COOKIE": f"{prefix}hp",
        # A form's token lives as long as the session that it belongs to.
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_I18N_ENABLED": False,
    }


def _static_files(app: Flask, built: assets.Assets) -> WhiteNoise:
    """Serves the static files. They never change, since each has a digest of its content in its
    name."""
    common = security_headers(built)

    def harden(headers: dict[str, str], _path: str, _url: str) -> None:
        for name, value in common.items():
            headers[name] = value

    return WhiteNoise(
        app.wsgi_app,
        root=str(built.folder),
        prefix="/static/",
        immutable_file_test=lambda _path, _url: True,
        allow_all_origins=False,
        add_headers_function=harden,
        # The only JSON there, which browsers read under this name alone.
        mimetypes={".json": "application/speculationrules+json"},
    )
