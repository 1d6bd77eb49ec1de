"""The Flask extensions, made here and bound in `create_app`."""

from datetime import timedelta
from ipaddress import IPv6Address, ip_address

from flask import request
from flask_compress import Compress
from flask_htmx import HTMX
from flask_limiter import Limiter, RequestLimit
from flask_login import LoginManager
from flask_wtf.csrf import CSRFProtect


def _source() -> str:
    """The client's address; with IPv6 the whole network (/64) that one home has."""
    address = request.remote_addr or "unknown"
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return str(IPv6Address(int(parsed) >> 64 << 64))
    return address


compress = Compress()
csrf = CSRFProtect()
htmx = HTMX()
# Load protection only: without its store it counts in memory, and pages stay open.
limiter = Limiter(_source, key_prefix="jkn", in_memory_fallback_enabled=True)
login_manager = LoginManager()


def is_first_breach(limit: RequestLimit, again_after: timedelta) -> bool:
    """Whether this limit turned nobody away for so long, by the limiter's own store."""
    seconds = int(again_after.total_seconds())
    return limiter.limiter.storage.incr(f"{limit.key}/recorded", seconds) == 1
