"""One folder a flow: the blueprint, its routes and its forms."""

from flask import Flask

from jkn.blueprints import (
    activity,
    captcha,
    card,
    devices,
    disavowal,
    display,
    health,
    help,  # noqa: A004  the flow is called help in every layer
    home,
    landing,
    limited_mode,
    metrics,
    more,
    notifications,
    outbox_preview,
    passkeys,
    password_change,
    pin,
    profile,
    pwa,
    reauthentication,
    recovery,
    registration,
    reports,
    saved_username,
    session_end,
    sign_in,
    sign_out,
    terms,
)
from jkn.extensions import csrf
from jkn.settings import Settings


def init_app(app: Flask, settings: Settings) -> None:
    """Register every flow. What is for development only does not exist in production."""
    ways_in = (landing, sign_in, registration, recovery, disavowal)
    flows = (*ways_in, limited_mode, home, card, notifications, more, sign_out, help, terms)
    own_account = (
        profile,
        activity,
        devices,
        passkeys,
        password_change,
        pin,
        reauthentication,
        saved_username,
        session_end,
    )
    for flow in (*flows, *own_account, display, captcha, pwa, reports, health, metrics):
        app.register_blueprint(flow.blueprint)
    if not settings.is_production:
        app.register_blueprint(outbox_preview.blueprint)
    # Browsers send reports without a token; they change nothing.
    csrf.exempt("jkn.blueprints.reports.routes.content_security")
