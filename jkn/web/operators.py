"""Who counts as an operator: whoever sends the token, as monitoring does. It needs no account."""

import hmac

from flask import Flask, current_app, request

from jkn.settings import Settings

_TOKEN = "OPERATOR_TOKEN"  # noqa: S105  the name of a setting


def init_app(app: Flask, settings: Settings) -> None:
    """Keep the token; without one nobody is an operator."""
    app.config[_TOKEN] = settings.metrics_token


def has_operators() -> bool:
    """Whether there is a token at all."""
    return bool(current_app.config[_TOKEN])


def is_operator() -> bool:
    """Whether the request shows the token (RFC 6750 2.1); compared in constant time."""
    shown = request.authorization
    if not has_operators() or shown is None or shown.type != "bearer":
        return False
    return hmac.compare_digest((shown.token or "").encode(), current_app.config[_TOKEN].encode())
