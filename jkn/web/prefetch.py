"""What browsers ask for before anybody taps: Bantuan and the terms, and nothing else.

Those pages are the same for all who are not signed in, and asking for them changes nothing. Every
other page may draw a captcha, use up a notice or note that a session was used, so it is refused
before anybody is looked up; the browser then asks again when somebody taps (security.md R47, R55).
"""

from flask import Flask, g, request
from werkzeug.wrappers import Response

from jkn.assets import Assets

_RULES = "prefetch/rules.json"
_OPEN = frozenset({"help", "terms"})
# Their links lead there, and they load few enough files for one more.
_OFFERING = _OPEN | {"landing"}


def is_prefetch() -> bool:
    """Whether nobody asked for this page yet, and perhaps nobody will."""
    return request.headers.get("Sec-Purpose", "").startswith("prefetch")


def init_app(app: Flask, assets: Assets) -> None:
    """Refuse what may not be asked for ahead, and say what may (speculation rules)."""

    @app.before_request
    def refuse() -> Response | None:
        # Not 5xx: nothing failed here. Browsers drop any answer but 2xx.
        return Response(status=403) if is_prefetch() and request.blueprint not in _OPEN else None

    @app.after_request
    def offer(answer: Response) -> Response:
        # Somebody signed in may sign out before the page is seen.
        if request.blueprint in _OFFERING and not g.get("is_signed_in", True):
            answer.headers["Speculation-Rules"] = f'"{assets.url(_RULES)}"'
        return answer
