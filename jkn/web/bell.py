"""The bell on every page of somebody signed in: how many notifications are unread."""

from flask import Flask, g

from jkn.services.messaging import notifications
from jkn.web.visitor import account


def unread_count() -> int:
    """Asked for by the layout where it draws the bell: one query there, none anywhere else."""
    if "unread_count" not in g:
        g.unread_count = notifications.unread_count(account())
    return int(g.unread_count)


def keep_silent() -> None:
    """Count nothing on a page that tells of a failure: counting might fail in the same way."""
    g.unread_count = 0


def init_app(app: Flask) -> None:
    """Let templates ask."""
    app.jinja_env.globals["unread_count"] = unread_count
