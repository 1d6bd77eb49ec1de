"""The request filter: malformed, doubled and foreign requests are refused before any route."""

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

# Some databases cut texts at NUL and others refuse it. U+FFFD stands where bytes of a multipart
# form were not UTF-8. Surrogates cannot be stored at all. Other control characters, and those that
# Unicode calls noncharacters, must not stand in a page that shows them again (HTML 13.2.3.5).
_NONCHARACTERS = "\ufdd0-\ufdef" + "".join(
    chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF)
)
_UNREADABLE = re.compile(
    f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd\ud800-\udfff{_NONCHARACTERS}]"
)
_URLENCODED = "application/x-www-form-urlencoded"
# The types in which browsers send a form. Flask-WTF would also read JSON, with lists and numbers.
_FORM_TYPES = frozenset({"", _URLENCODED, "multipart/form-data"})
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class _FormRequest(Request):
    """A request whose form holds text only. No form of ours takes files, and a file in the place
    of a text would reach code that expects a text."""

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
        # This check comes first: every other refusal is a page, whose links need a trusted host.
        if isinstance(request.routing_exception, SecurityError):
            raise request.routing_exception

    @app.before_request
    def refuse_foreign_origin() -> None:
        if request.method not in _SAFE_METHODS and _is_from_elsewhere():
            abort(403)

    @app.before_request
    def refuse_unmeasured_body() -> None:
        # The size limit would cut such a body off, and half a form would look like a whole one.
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
        # Reading a form where there is no body took a twentieth of the time of a page.
        if request.content_length:
            if request.mimetype == _URLENCODED and not _is_utf8(request.get_data()):
                abort(400)
            if len(request.form) > FIELDS_AT_MOST:
                abort(413)
            _refuse_malformed_fields(request.form)


def _is_from_elsewhere() -> bool:
    """A second defence beside the CSRF token: Fetch Metadata or, for older browsers, the origin."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("Origin")
    ours = (f"https://{request.host}", f"http://{request.host}")
    return origin is not None and origin not in ours


def _is_utf8(encoded: bytes) -> bool:
    """Whether the bytes are UTF-8; Werkzeug would pass on those that are not as they are."""
    try:
        unquote_to_bytes(encoded).decode()
    except UnicodeDecodeError:
        return False
    return True


def _refuse_malformed_fields(fields: MultiDict[str, str]) -> None:
    """A field that comes twice is refused, since nobody could say which of the two counts. A part
    of a multipart form without a name has the name None."""
    # The library's types do not know of such parts.
    names: Iterable[tuple[str | None, list[str]]] = fields.lists()
    for name, texts in names:
        if name is None or len(texts) > 1:
            abort(400)
        if any(_UNREADABLE.search(text) for text in (name, *texts)):
            abort(400)
