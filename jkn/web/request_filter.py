"""What is turned away before any route sees it: malformed, doubled or foreign requests."""

import re
from collections.abc import Iterable
from typing import NoReturn
from urllib.parse import unquote_to_bytes

from flask import Flask, Request, abort, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import SecurityError

from jkn.settings import Settings
from jkn.web.headers import REPORTS

BODY_AT_MOST = 64 * 1024
FIELDS_AT_MOST = 100

# NUL ends texts early in some databases and is refused by others; U+FFFD stands where bytes of
# a multipart form were no UTF-8; surrogates cannot be stored at all; other controls and what
# Unicode calls noncharacters have no place in a page that shows them again (HTML 13.2.3.5).
_NONCHARACTERS = "\ufdd0-\ufdef" + "".join(
    chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF)
)
_UNREADABLE = re.compile(
    f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd\ud800-\udfff{_NONCHARACTERS}]"
)
_URLENCODED = "application/x-www-form-urlencoded"
# What browsers send a form as. Flask-WTF would take JSON for one, lists and numbers included.
_FORM_TYPES = frozenset({"", _URLENCODED, "multipart/form-data"})
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class _FormRequest(Request):
    """A request whose form holds words. No form of ours takes files, and a file in the place of
    a word would travel on to code that expects a text."""

    def _get_file_stream(self, *_about: object, **_more: object) -> NoReturn:
        abort(415)


def init_app(app: Flask, settings: Settings) -> None:
    """Set the limits and the checks."""
    app.request_class = _FormRequest
    app.config.update(
        MAX_CONTENT_LENGTH=BODY_AT_MOST,
        MAX_FORM_MEMORY_SIZE=BODY_AT_MOST,
        MAX_FORM_PARTS=FIELDS_AT_MOST,
        TRUSTED_HOSTS=list(settings.trusted_hosts) or None,
    )

    @app.before_request
    def refuse_foreign_host() -> None:
        # Before all else: any other refusal is a page, whose links need a host that is ours.
        if isinstance(request.routing_exception, SecurityError):
            raise request.routing_exception

    @app.before_request
    def refuse_foreign_origin() -> None:
        if request.method not in _SAFE_METHODS and _is_from_elsewhere():
            abort(403)

    @app.before_request
    def refuse_unmeasured_body() -> None:
        # A limit cuts such a body off somewhere, and half a form would be taken for a whole one.
        if "Transfer-Encoding" in request.headers and request.content_length is None:
            abort(411)

    @app.before_request
    def refuse_what_is_no_form() -> None:
        if request.mimetype not in _FORM_TYPES and request.path != REPORTS:
            abort(415)

    @app.before_request
    def refuse_malformed() -> None:
        if _UNREADABLE.search(request.path) or not _is_utf8(request.query_string):
            abort(400)
        _refuse_malformed_fields(request.args)
        # To look for a form where there is none took a twentieth of the time of a page.
        if request.content_length:
            if request.mimetype == _URLENCODED and not _is_whole(request.get_data()):
                abort(400)
            if len(request.form) > FIELDS_AT_MOST:
                abort(413)
            _refuse_malformed_fields(request.form)


def _is_from_elsewhere() -> bool:
    """A second wall beside the CSRF token (Fetch Metadata; for older browsers the origin)."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("Origin")
    ours = (f"https://{request.host}", f"http://{request.host}")
    return origin is not None and origin not in ours


def _is_whole(body: bytes) -> bool:
    """A connection that breaks leaves half a form, which would be taken for a whole one."""
    return len(body) == (request.content_length or 0) and _is_utf8(body)


def _is_utf8(encoded: bytes) -> bool:
    """Werkzeug leaves bytes that are no UTF-8 as they were written; here they are refused."""
    try:
        unquote_to_bytes(encoded).decode()
    except UnicodeDecodeError:
        return False
    return True


def _refuse_malformed_fields(fields: MultiDict[str, str]) -> None:
    """No field of ours comes twice: which of the two would count? A part of a multipart form
    that does not say its name has None."""
    # The library's types do not know of such parts.
    names: Iterable[tuple[str | None, list[str]]] = fields.lists()
    for name, texts in names:
        if name is None or len(texts) > 1:
            abort(400)
        if any(_UNREADABLE.search(text) for text in (name, *texts)):
            abort(400)
