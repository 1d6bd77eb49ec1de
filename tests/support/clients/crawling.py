"""Following every link, to find all pages and forms."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from werkzeug.exceptions import HTTPException

from tests.support.clients.markup import Document, Element
from tests.support.clients.page_client import PageClient

# Several times the number of pages that there are.
_TOO_MANY = 500


@dataclass(frozen=True)
class CrawledPage:
    """A page as it was when the crawler asked for it."""

    url: str
    status: int
    document: Document


@dataclass(frozen=True)
class FoundForm:
    """A form, the page on which it stands, and its fields with their values. `endpoint`: where it
    is sent. `kept`: the fields that show again what was typed. `secret`: those that must not."""

    page: str
    endpoint: str
    action: str
    method: str
    has_htmx: bool
    fields: tuple[tuple[str, str], ...]
    kept: frozenset[str]
    secret: frozenset[str]


def crawl(
    client: PageClient,
    start: str,
    *,
    far: bool = True,
    known: Callable[[str], CrawledPage | None] = lambda _path: None,
) -> dict[str, CrawledPage]:
    """Every own page that links lead to, by path; without `far` only those one link away. `known`:
    a page that need not be asked for again."""
    found: dict[str, CrawledPage] = {}
    waiting = [start]
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        page = known(path) or opened(client, path)
        found[path] = page
        assert len(found) < _TOO_MANY, f"links lead on and on, now to {path}"
        for link in page.document.elements("a") if far or path == start else ():
            address = urlsplit(urljoin(page.url, link.get("href", "")))
            if not address.scheme and address.path:
                waiting.append(address.path)
    return found


def opened(client: PageClient, path: str) -> CrawledPage:
    """This page as it is now."""
    client.get(path)
    return CrawledPage(client.url, client.status, client.document)


def forms_of(client: PageClient, start: str, *, far: bool = True) -> list[FoundForm]:
    """Every form on those pages, each endpoint and method once."""
    found: dict[tuple[str, str], FoundForm] = {}
    for path, page in crawl(client, start, far=far).items():
        for element in page.document.elements("form"):
            form = _read(client, path, page.document, element)
            found.setdefault((form.endpoint, form.method), form)
    return list(found.values())


def _read(client: PageClient, path: str, document: Document, element: Element) -> FoundForm:
    action = urljoin(path, element.get("action", ""))
    method = element.get("method", "get").upper()
    try:
        endpoint, _ = client.app.url_map.bind("localhost").match(urlsplit(action).path, method)
    except HTTPException as error:
        raise AssertionError(f"the form on {path} leads nowhere: {action}") from error
    fields: dict[str, str] = {}
    kept, secret = set(), set()
    for control in document.controls_of(element):
        kind = control.get("type", "text") if control.tag == "input" else control.tag
        if name := control.get("name"):
            fields.setdefault(name, control.get("value", ""))
            if kind == "password":
                secret.add(name)
            if kind in ("text", "textarea") and control.get("autocomplete") != "off":
                kept.add(name)
    return FoundForm(
        path,
        endpoint,
        action,
        method,
        "hx-post" in element.attrib,
        tuple(fields.items()),
        frozenset(kept),
        frozenset(secret),
    )
