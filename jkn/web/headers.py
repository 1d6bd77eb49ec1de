"""What every answer carries, static files and errors included (ASVS 3.4)."""

from flask import Flask
from werkzeug.wrappers import Response

from jkn.assets import Assets

REPORTS = "/laporan-csp"
_POLICY = "Content-Security-Policy"

_PERMISSIONS = "Permissions-Policy"
_NO_DEVICES = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
# Browsers ignore HSTS without TLS (RFC 6797 8.1).
_ALWAYS = {
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    # "no-referrer" would make browsers hide the referrer that the CSRF check needs.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    _PERMISSIONS: _NO_DEVICES,
}
_NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
# For HTML that is not a page of ours: it may bring its own look, but runs and fetches nothing.
_SANDBOX = f"sandbox; style-src 'unsafe-inline'; {_NOTHING}"
# Of text that is answered without the application.
OF_TEXT = {**_ALWAYS, _POLICY: _NOTHING, "Cache-Control": "no-store"}


def security_headers(assets: Assets) -> dict[str, str]:
    """These are the same on every answer."""
    policy = {
        "default-src": "'self'",
        "style-src": f"'self' '{assets.css_hash}'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
        "form-action": "'self'",
        "report-uri": REPORTS,
        "report-to": "csp",
    }
    return {
        _POLICY: "; ".join(f"{name} {what}" for name, what in policy.items()),
        "Reporting-Endpoints": f'csp="{REPORTS}"',
        **_ALWAYS,
    }


def sandboxed(answer: Response) -> Response:
    """Let the browser show this answer without letting it do anything."""
    answer.headers[_POLICY] = _SANDBOX
    return answer


def with_position(answer: Response) -> Response:
    """Let this page ask the browser where the phone is, if the person agrees."""
    answer.headers[_PERMISSIONS] = _NO_DEVICES.replace("geolocation=()", "geolocation=(self)")
    return answer


def init_app(app: Flask, assets: Assets) -> None:
    """Add the headers to what Flask answers; static files get them where they are served."""
    common = security_headers(assets)

    @app.after_request
    def harden(answer: Response) -> Response:
        is_sandboxed = answer.headers.get(_POLICY) == _SANDBOX
        may_ask_position = _PERMISSIONS in answer.headers
        answer.headers.update(common)
        if is_sandboxed:
            sandboxed(answer)
        if may_ask_position:
            with_position(answer)
        # A page made for one person must not be kept for another, and even public pages become
        # personal as soon as somebody signs in.
        answer.headers.setdefault("Cache-Control", "no-store")
        answer.vary.update(("Cookie", "HX-Request"))
        return answer
