"""What a browser loads with a page, as Chromium does it: found in the page, fetched, weighed.

`tests/browser/test_weight.py` compares this with what a real Chromium asks for.
"""

import json
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from benchmarks.measure import Answer, Visitor

_WORKER = "/sw.js"
_LISTED = re.compile(r"const (?:OFFLINE|FILES) = (.*);")
_MAX_AGE = re.compile(r"max-age=([1-9][0-9]*)")
_RELATIONS = ("stylesheet", "icon", "manifest")
# What Chromium takes for the installed app's icon on most phones.
_INSTALL_ICON = "192x192"


@dataclass(frozen=True)
class Load:
    """One request. `size`: bytes of the answer on the wire. `is_kept`: fresh for a while, or kept
    by the service worker, and not asked for again. `by_worker`: its script and what that fetches,
    in the background, once a version."""

    path: str
    size: int
    is_kept: bool
    by_worker: bool = False


@dataclass(frozen=True)
class Weight:
    """Everything that one visit loads, the page itself first."""

    loads: tuple[Load, ...]

    @property
    def size(self) -> int:
        """All bytes, the worker's included."""
        return sum(it.size for it in self.loads)

    @property
    def requests(self) -> int:
        """Those of the page itself."""
        return sum(not it.by_worker for it in self.loads)

    @property
    def worker_requests(self) -> int:
        """Those of the service worker."""
        return sum(it.by_worker for it in self.loads)


def cold(visitor: Visitor, page: str) -> Weight:
    """A visit with nothing at hand but the visitor's cookies."""
    return Weight(tuple(_loads(visitor, page)))


def warm(visitor: Visitor, page: str, before: Weight) -> Weight:
    """The same page once more, with what was loaded before in the browser's caches."""
    at_hand = {it.path for it in before.loads if it.is_kept}
    document, *others = _loads(visitor, page)
    return Weight((document, *(it for it in others if it.path not in at_hand)))


def _loads(visitor: Visitor, page: str) -> Iterator[Load]:
    document = visitor.get(page)
    yield _load(page, document)
    # What is wanted twice, like the icon of the tab and of the installed app, comes once.
    seen = set()
    for address in _linked(document.content.decode()):
        path = urlsplit(urljoin(page, address)).path
        if path in seen:
            continue
        answer = visitor.get(path)
        yield _load(path, answer)
        seen.add(path)
        if answer.header("content-type").startswith("application/manifest+json"):
            icon = _install_icon(json.loads(answer.content))
            yield _load(icon, visitor.get(icon))
            seen.add(icon)
    worker = visitor.get(_WORKER)
    yield _load(_WORKER, worker, by_worker=True)
    # It asks without cookies, so that everybody gets the same.
    with closing(visitor.stranger()) as stranger:
        for path in _kept_by(worker):
            if path not in seen:
                yield Load(path, stranger.get(path).size, is_kept=True, by_worker=True)


def _load(path: str, answer: Answer, *, by_worker: bool = False) -> Load:
    return Load(path, answer.size, bool(_MAX_AGE.search(answer.header("cache-control"))), by_worker)


def _linked(html: str) -> list[str]:
    """What the page makes a browser fetch. Style sheets fetch nothing further: they name no url."""
    reader = _Reader()
    reader.feed(html)
    return reader.addresses


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        is_loaded = tag in ("script", "img") or (tag == "link" and values["rel"] in _RELATIONS)
        if is_loaded and (address := values.get("src") or values.get("href")):
            self.addresses.append(address)


def _install_icon(manifest: dict[str, list[dict[str, str]]]) -> str:
    return next(it["src"] for it in manifest["icons"] if it["sizes"] == _INSTALL_ICON)


def _kept_by(worker: Answer) -> list[str]:
    """What the service worker puts into its cache when it is installed."""
    paths: list[str] = []
    for listed in _LISTED.findall(worker.content.decode()):
        value = json.loads(listed)
        paths += [value] if isinstance(value, str) else value
    return paths
