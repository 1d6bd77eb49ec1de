"""One folder a flow: the blueprint, its routes and its forms."""

from flask import Flask

from jkn.blueprints import (
    captcha,
    card,
    display,
    help,  # noqa: A004  the flow is called help in every layer
    home,
    landing,
    more,
    pwa,
    reports,
    sign_in,
    sign_out,
)
from jkn.extensions import csrf


def init_app(app: Flask) -> None:
    """Register every flow."""
    flows = (landing, sign_in, home, card, more, sign_out, help, display)
    for flow in (*flows, captcha, pwa, reports):
        app.register_blueprint(flow.blueprint)
    # Browsers send reports without a token; they change nothing.
    csrf.exempt("jkn.blueprints.reports.routes.content_security")
