"""What Chromium loads with a page: finds it in the page, fetches it, and weighs it.

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
_RULES = re.compile('"(.*?)"')
_MAX_AGE = re.compile(r"max-age=([1-9][0-9]*)")
_RELATIONS = ("stylesheet", "icon", "manifest")
# The icon that Chromium takes for the installed app on most phones.
_INSTALL_ICON = "192x192"


@dataclass(frozen=True)
class Load:
    """One request. `size`: bytes of the answer on the wire; `body`: bytes of its body alone.
    `is_kept`: not asked for again, because it stays fresh for a while or the service worker keeps
    it. `by_worker`: the service worker's script, or a file that it fetches in the background, once
    for each version."""

    path: str
    size: int
    body: int
    is_kept: bool
    by_worker: bool = False


@dataclass(frozen=True)
class Weight:
    """Everything that one visit loads, the page itself first. `within`: files that the page holds
    in itself, and that the service worker keeps from there."""

    loads: tuple[Load, ...]
    within: frozenset[str]

    @property
    def size(self) -> int:
        """All bytes, the worker's included."""
        return sum(it.size for it in self.loads)

    @property
    def requests(self) -> int:
        """The number of requests of the page itself."""
        return sum(not it.by_worker for it in self.loads)

    @property
    def script(self) -> int:
        """The bytes of the bodies of the page's scripts."""
        scripts = (it for it in self.loads if it.path.endswith(".js") and not it.by_worker)
        return sum(it.body for it in scripts)

    @property
    def worker_requests(self) -> int:
        """The number of requests of the service worker."""
        return sum(it.by_worker for it in self.loads)


def cold(visitor: Visitor, page: str) -> Weight:
    """A visit with empty caches; the visitor's cookies are there."""
    document = visitor.get(page)
    parts = _parts(document)
    return Weight(tuple(_loads(visitor, page, document, parts)), frozenset(parts.within))


def warm(visitor: Visitor, page: str, before: Weight) -> Weight:
    """A second visit of the same page, with what `before` loaded in the browser's caches."""
    at_hand = {it.path for it in before.loads if it.is_kept} | before.within
    once_more = cold(visitor, page)
    document, *others = once_more.loads
    new = (it for it in others if it.path not in at_hand)
    return Weight((document, *new), once_more.within)


def _loads(visitor: Visitor, page: str, document: Answer, parts: "_Reader") -> Iterator[Load]:
    yield _load(page, document)
    # A file that is wanted twice, like the icon of the tab and of the installed app, loads once.
    seen = set()
    for address in (*parts.addresses, *_RULES.findall(document.header("speculation-rules"))):
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
    # The service worker sends no cookies, so that everybody gets the same.
    with closing(visitor.stranger()) as stranger:
        for path in _kept_by(worker):
            if path not in seen | parts.within:
                answer = stranger.get(path)
                yield Load(path, answer.size, len(answer.body), is_kept=True, by_worker=True)


def _load(path: str, answer: Answer, *, by_worker: bool = False) -> Load:
    is_kept = bool(_MAX_AGE.search(answer.header("cache-control")))
    return Load(path, answer.size, len(answer.body), is_kept, by_worker)


def _parts(document: Answer) -> "_Reader":
    """What the page makes a browser fetch. Style sheets fetch nothing more: they name no URL."""
    reader = _Reader()
    reader.feed(document.content.decode())
    return reader


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.within: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        is_loaded = tag == "script" or (tag == "link" and values["rel"] in _RELATIONS)
        # A lazy picture is one that stays hidden until somebody asks for it.
        is_loaded |= tag == "img" and values.get("loading") != "lazy"
        if is_loaded and (address := values.get("src") or values.get("href")):
            self.addresses.append(address)
        if tag == "style" and (file := values.get("data-file")):
            self.within.add(file)


def _install_icon(manifest: dict[str, list[dict[str, str]]]) -> str:
    return next(it["src"] for it in manifest["icons"] if it["sizes"] == _INSTALL_ICON)


def _kept_by(worker: Answer) -> list[str]:
    """The paths that the service worker puts into its cache when it is installed."""
    paths: list[str] = []
    for listed in _LISTED.findall(worker.content.decode()):
        value = json.loads(listed)
        paths += [value] if isinstance(value, str) else value
    return paths
