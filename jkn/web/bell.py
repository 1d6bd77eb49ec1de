"""The bell on every page of somebody signed in: how many notifications are unread."""

from flask import Flask, g

from jkn.services.messaging import notifications
from jkn.web.visitor import account


def unread_count() -> int:
    """Count only when the layout draws the bell, so that pages without one need no query."""
    if "unread_count" not in g:
        g.unread_count = notifications.unread_count(account())
    return int(g.unread_count)


def keep_silent() -> None:
    """Count nothing on an error page: the count might fail in the same way as the page did."""
    g.unread_count = 0


def init_app(app: Flask) -> None:
    """Let templates call `unread_count`."""
    app.jinja_env.globals["unread_count"] = unread_count
