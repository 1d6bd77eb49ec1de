"""Rate limits by network address for what is costly to make (security.md R12, R81, R82).

This is load protection: counted in memory, or in Redis where several processes serve. What must
be exact (passwords, codes) is counted in the database by the services.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, ParamSpec, TypeVar

import structlog
from flask import Flask, Response, g

from jkn.extensions import is_first_breach, limiter
from jkn.services.audit import audit_log
from jkn.services.throttling import rate_limits
from jkn.settings import Settings
from jkn.web.rendering import part_for_fragment
from jkn.web.visitor import account, client

log = structlog.get_logger("jkn.web")

P = ParamSpec("P")
R = TypeVar("R")

# A carrier puts thousands of people behind one address; a robot asks for more than they do.
_RATE = "60 per 10 seconds"
_REDIS_SECONDS = 0.5
# A flood is recorded once, and again when it lasts, since turning a request away must be cheap.
_RECORDED_AGAIN_AFTER = timedelta(minutes=10)


def limited(view: Callable[P, R]) -> Callable[P, R]:
    """Mark a route that one address may ask 60 times in ten seconds."""
    return limiter.limit(_RATE)(view)


def limited_unread(view: Callable[P, R]) -> Callable[P, R]:
    """The same limit for what no person reads: beyond it the answer is 429 without a page."""
    return limiter.limit(_RATE, on_breach=lambda _: Response(status=429))(view)


def limited_part(part: str, target: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """The same limit for a part of an open page: beyond it, where htmx asked, the template `part`
    is swapped into `target`, and the page keeps what was typed."""

    def say(_limit: object) -> Response | None:
        return part_for_fragment(part, target=target, status=429)

    return lambda view: limiter.limit(_RATE, on_breach=say)(view)


def init_app(app: Flask, settings: Settings) -> None:
    """Bind the limiter to its store."""
    app.config["RATELIMIT_STORAGE_URI"] = settings.redis_url or "memory://"
    app.config["RATELIMIT_ON_BREACH_CALLBACK"] = _record
    if settings.redis_url:
        # Without time-outs, a store that hangs would hold up every request.
        app.config["RATELIMIT_STORAGE_OPTIONS"] = {
            "socket_connect_timeout": _REDIS_SECONDS,
            "socket_timeout": _REDIS_SECONDS,
        }
    limiter.init_app(app)


def _record(limit: Any) -> None:
    """Record a request that is turned away. The limiter's own store is asked first whether a breach
    of this limit was recorded already, so that a flood does not reach the database. The database
    then makes sure that all limits and processes together record only one."""
    try:
        if is_first_breach(limit, _RECORDED_AGAIN_AFTER):
            from_here = client()
            source = rate_limits.source_key(from_here.address, "requests")
            whose = account().id if g.is_signed_in else None
            audit_log.log_rate_limited_request(source, _RECORDED_AGAIN_AFTER, from_here, whose)
    except Exception as error:
        # Store or database are away: the request is turned away all the same.
        log.warning("limit_not_recorded", exc_info=error)
