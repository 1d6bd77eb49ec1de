"""What must hold for every answer of the app: headers, cookies, privacy, HTML, size."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import brotli
from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from jkn.web.compression import BROTLI_LEVEL
from tests.support.clients.markup import Document
from tests.support.rules import budgets, scripts
from tests.support.rules.canaries import CANARIES
from tests.support.rules.page_rules import fragment_findings, page_findings

REDIRECTS = (301, 302, 303, 307, 308)

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_POLICY = ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'",
           "form-action 'self'")  # fmt: skip
# The policy of an e-mail: it may have any style, but runs, loads and sends nothing.
_SANDBOX = ("sandbox;", "default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'",
            "form-action 'none'")  # fmt: skip
# Never shown in full without a step-up, except to the person who just typed it.
_NEVER_IN_FULL = ("nik", "family_card_number", "phone", "email", "password", "mother_name")
# What a step-up shows in full, on the pages that ask for one.
_OPENED_BY_PIN = ("nik", "phone", "email")
_LONGEST_COOKIE = 4096


def findings(
    app: Flask, method: str, url: str, response: TestResponse, typed: str, *, whole: bool
) -> Iterator[str]:
    """Everything wrong with the answer to this request. `typed`: everything that was sent with it.
    `whole`: the answer is a page, not a part of one."""
    yield from header_findings(response)
    addresses = [url, response.headers.get("Location", "")]
    addresses += [value for name, value in response.headers if name.lower().startswith("hx-")]
    yield from address_findings(addresses)
    is_page = response.mimetype == "text/html" and response.status_code not in REDIRECTS
    if is_page and response.get_data():
        view = _view_of(app, method, url)
        yield from html_findings(
            response,
            whole=whole,
            typed=typed,
            is_private=view is not None and not getattr(view, "is_public", False),
            is_unlocked=getattr(view, "needs_pin", False),
        )
        yield from scripts.findings(app.extensions["assets"], response, whole=whole)


def _view_of(app: Flask, method: str, url: str) -> object | None:
    try:
        endpoint, _ = app.url_map.bind("localhost").match(urlsplit(url).path, method=method)
    except HTTPException:
        return None
    return app.view_functions[endpoint]


def header_findings(response: TestResponse) -> Iterator[str]:
    """Everything wrong with the headers of this answer."""
    headers = response.headers
    for name, value in _ALWAYS.items():
        if headers.get(name) != value:
            yield f"{name} is {headers.get(name)!r}, not {value!r}"
    policy = headers.get("Content-Security-Policy", "")
    is_sandboxed = policy.startswith("sandbox;")
    for directive in _SANDBOX if is_sandboxed else _POLICY:
        if directive not in policy:
            yield f"the CSP has no {directive!r}"
    if ("unsafe-" in policy and not is_sandboxed) or "*" in policy or "script-src 'un" in policy:
        yield f"the CSP is open: {policy}"
    if "Access-Control-Allow-Origin" in headers:
        yield "other origins may read the answer"
    if len(headers.getlist("Content-Security-Policy")) > 1:
        yield "there are several CSPs"
    yield from _cookie_findings(headers.getlist("Set-Cookie"))


def address_findings(addresses: list[str]) -> Iterator[str]:
    """Addresses end up in histories and logs: nothing personal may stand in one."""
    if not CANARIES.found_in("\n".join(addresses)):
        return
    for address in addresses:
        if kinds := CANARIES.found_in(address):
            yield f"{', '.join(kinds)} in the address {address}"


def html_findings(
    response: TestResponse, *, whole: bool, typed: str, is_private: bool, is_unlocked: bool
) -> Iterator[str]:
    """Everything wrong with an HTML answer. `typed`: everything that was sent with the request.
    `is_unlocked`: a step-up holds."""
    html = response.get_data(as_text=True)
    policy = response.headers.get("Content-Security-Policy", "")
    document = Document.of_page(html) if whole else Document.of_fragment(html)
    yield from page_findings(document, policy) if whole else fragment_findings(document)
    vary = {it.strip().lower() for it in ",".join(response.headers.getlist("Vary")).split(",")}
    for name in ("hx-request", "cookie"):
        if name not in vary:
            yield f"Vary has no {name}"
    if is_private and "no-store" not in response.headers.get("Cache-Control", ""):
        yield f"a private page may be stored: {response.headers.get('Cache-Control')!r}"
    hidden = set(_NEVER_IN_FULL) - set(_OPENED_BY_PIN if is_unlocked else ())
    if kinds := CANARIES.found_in(html, *sorted(hidden), except_for=typed):
        yield f"{', '.join(kinds)} in full on the page"
    if kinds := CANARIES.found_in(html, "password"):
        yield "a password is sent back"
    if kinds := CANARIES.found_in(document.title):
        yield f"{', '.join(kinds)} in the title {document.title!r}"
    yield from address_findings(_addresses(document))
    yield from _size_findings(document, html, whole=whole)


def _addresses(document: Document) -> list[str]:
    names = ("href", "src", "action", "formaction", "hx-get", "hx-post", "hx-push-url")
    return [it.get(name, "") for it in document.elements() for name in names if it.get(name)]


def _size_findings(document: Document, html: str, *, whole: bool) -> Iterator[str]:
    # Pages of a first visit hold the style sheet, which has a budget of its own.
    for style in document.elements("style"):
        html = html.replace("".join(style.itertext()), "")
    budget = budgets.PAGE if whole else budgets.FRAGMENT
    # Compressing well is slow, and not needed when the quick result is small enough.
    size = len(brotli.compress(html.encode(), quality=1))
    if size > budget:
        size = len(brotli.compress(html.encode(), quality=BROTLI_LEVEL))
    if size > budget:
        yield f"{size} bytes compressed; {budget} are allowed"


def _cookie_findings(cookies: list[str]) -> Iterator[str]:
    for cookie in cookies:
        name = cookie.split("=", 1)[0]
        attributes = [it.strip().lower() for it in cookie.split(";")[1:]]
        for wanted in ("httponly", "samesite=lax", "path=/"):
            if wanted not in attributes:
                yield f"the cookie {name} has no {wanted}"
        if any(it.startswith("domain") for it in attributes):
            yield f"the cookie {name} names a domain"
        if len(cookie) > _LONGEST_COOKIE:
            yield f"the cookie {name} is {len(cookie)} bytes long"
        if kinds := set(CANARIES.found_in(cookie)) - {"cookie"}:
            yield f"{', '.join(kinds)} in the cookie {name}"
