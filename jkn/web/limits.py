"""How often one address may ask for what costs something to make (security.md R12, R81, R82).

This is load protection: counted in memory, or in Redis where several processes serve. What must
be exact (passwords, codes) is counted in the database by the services.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from flask import Flask, Response

from jkn.extensions import limiter
from jkn.settings import Settings
from jkn.web.rendering import part_for_fragment

P = ParamSpec("P")
R = TypeVar("R")

# A carrier puts thousands of people behind one address; a robot asks for more than they do.
_RATE = "60 per 10 seconds"
_REDIS_SECONDS = 0.5


def limited(view: Callable[P, R]) -> Callable[P, R]:
    """Mark a route that one address may ask 60 times in ten seconds."""
    return limiter.limit(_RATE)(view)


def limited_unread(view: Callable[P, R]) -> Callable[P, R]:
    """The same for what no person reads: too often is answered without a page."""
    return limiter.limit(_RATE, on_breach=lambda _: Response(status=429))(view)


def limited_part(part: str, target: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """The same for a live piece of a page: where htmx asked, `part` says so in `target` and the
    page keeps what was typed."""

    def say(_limit: object) -> Response | None:
        return part_for_fragment(part, target=target, status=429)

    return lambda view: limiter.limit(_RATE, on_breach=say)(view)


def init_app(app: Flask, settings: Settings) -> None:
    """Bind the limiter to its store."""
    app.config["RATELIMIT_STORAGE_URI"] = settings.redis_url or "memory://"
    if settings.redis_url:
        # A store that hangs must not hold requests up.
        app.config["RATELIMIT_STORAGE_OPTIONS"] = {
            "socket_connect_timeout": _REDIS_SECONDS,
            "socket_timeout": _REDIS_SECONDS,
        }
    limiter.init_app(app)
