"""Every request has an id that it can be found by, and leaves one line in the log.

Neither path nor query string nor address is written: they may name a person or hold a token.
"""

import re
from time import perf_counter

import structlog
from flask import Flask, Response, g, request

from jkn.logs import loggable_id, mask
from jkn.settings import Settings
from jkn.web import metrics

HEADER = "X-Request-ID"
_BY_PROXY = re.compile(r"[A-Za-z0-9-]{8,64}")
_LETTERS = 12
# A client may send any word as the method; strangers must not choose our labels and log lines.
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# Monitoring asks for these every few seconds, so they are logged only when something is wrong.
_PROBES = ("health.", "metrics.")

log = structlog.get_logger("jkn.web")


def init_app(app: Flask, settings: Settings) -> None:
    """Bind this before what may refuse a request, so that refused requests are logged, too."""

    @app.before_request
    def begin() -> None:
        g.began = perf_counter()
        g.request_id = (_of_proxy() if settings.proxy_hops else None) or _made()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)

    @app.after_request
    def end(answer: Response) -> Response:
        answer.headers[HEADER] = g.request_id
        seconds = perf_counter() - g.began
        endpoint = request.endpoint or "none"
        method = request.method if request.method in _METHODS else "other"
        metrics.count_request(endpoint, method, answer.status_code, seconds)
        is_news = not endpoint.startswith(_PROBES) or answer.status_code >= 400
        (log.info if is_news else log.debug)(
            "request",
            endpoint=endpoint,
            method=method,
            status=answer.status_code,
            ms=round(seconds * 1000, 1),
        )
        return answer

    @app.teardown_request
    def forget(_error: BaseException | None) -> None:
        structlog.contextvars.unbind_contextvars("request_id")


def _of_proxy() -> str | None:
    """The id that the proxy gave, unless the log would mask it: a personal number that somebody
    sends as an id is neither logged nor answered."""
    given = request.headers.get(HEADER, "")
    return given if _BY_PROXY.fullmatch(given) and mask(given) == given else None


def _made() -> str:
    """A new id like BCDF-GHJK-LMPQ, short enough to be told on the phone."""
    name = loggable_id(_LETTERS)
    return "-".join(name[start : start + 4] for start in range(0, _LETTERS, 4))
