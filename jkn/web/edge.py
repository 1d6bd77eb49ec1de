"""What is turned away before any route sees it: malformed, doubled or foreign requests."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from flask import Flask, abort, request
from werkzeug.datastructures import MultiDict

from jkn.settings import Settings

BODY_AT_MOST = 64 * 1024
FIELDS_AT_MOST = 100

# NUL ends texts early in some databases and is refused by others; U+FFFD stands where the
# bytes were no UTF-8; surrogates cannot be stored at all.
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd\ud800-\udfff]")
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def init_app(app: Flask, settings: Settings) -> None:
    """Set the limits and the checks."""
    app.config.update(
        MAX_CONTENT_LENGTH=BODY_AT_MOST,
        MAX_FORM_MEMORY_SIZE=BODY_AT_MOST,
        MAX_FORM_PARTS=FIELDS_AT_MOST,
        TRUSTED_HOSTS=list(settings.trusted_hosts) or None,
    )

    @app.before_request
    def refuse_foreign_origin() -> None:
        if request.method not in _SAFE_METHODS and _is_from_elsewhere():
            abort(403)

    @app.before_request
    def refuse_malformed() -> None:
        if _UNREADABLE.search(request.path):
            abort(400)
        for values in (request.args, request.form):
            if any(_is_malformed(name, texts) for name, texts in _lists(values)):
                abort(400)


def _is_from_elsewhere() -> bool:
    """A second wall beside the CSRF token (Fetch Metadata; for older browsers the origin)."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc != request.host


def _is_malformed(name: str, texts: list[str]) -> bool:
    """No field of ours comes twice: which of the two would count?"""
    return len(texts) > 1 or any(_UNREADABLE.search(text) for text in (name, *texts))


def _lists(values: MultiDict[str, str]) -> Iterable[tuple[str, list[str]]]:
    return values.lists()
