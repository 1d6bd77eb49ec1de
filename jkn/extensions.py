"""The Flask extensions, made here and bound in `create_app`."""

from datetime import timedelta

from flask import request
from flask_compress import Compress
from flask_htmx import HTMX
from flask_limiter import Limiter, RequestLimit
from flask_login import LoginManager
from flask_wtf.csrf import CSRFProtect

from jkn.services.basics.sources import network_of


def _source() -> str:
    return network_of(request.remote_addr)


compress = Compress()
csrf = CSRFProtect()
htmx = HTMX()
# Only protects against load: when its store is away, it counts in memory, and pages stay open.
limiter = Limiter(_source, key_prefix="jkn", in_memory_fallback_enabled=True)
login_manager = LoginManager()


def is_first_breach(limit: RequestLimit, again_after: timedelta) -> bool:
    """Whether this limit turned nobody else away during `again_after`, as the limiter's own store
    knows."""
    seconds = int(again_after.total_seconds())
    return limiter.limiter.storage.incr(f"{limit.key}/recorded", seconds) == 1
