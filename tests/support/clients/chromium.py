"""Chromium as a phone: how it is started, what it is watched for, what it has stored."""

import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    FloatRect,
    Locator,
    Page,
    Request,
    Route,
)

from tests.support.world.programs import chromium, headless_chromium

Scheme = Literal["light", "dark"]

PHONE = {"width": 360, "height": 740}
NARROW = {"width": 320, "height": 640}
# A phone whose owner shows everything twice as large (WCAG 1.4.4).
ZOOMED = {"width": 180, "height": 370}

FONTS = Path(__file__).with_name("fonts.conf")

# Without these arguments it keeps asking its vendor's hosts, which a closed network refuses.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Playwright switches this cache off; people's phones have it on.
BACK_FORWARD_CACHE = ["--disable-back-forward-cache"]

_PHONE_TRAITS: dict[str, Any] = {
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
    "locale": "id-ID",
    "timezone_id": "Asia/Jakarta",
}
_AXE_RULES = [
    "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice",
]  # fmt: skip
# The rules of axe about colours. All other findings are the same in light and dark.
_AXE_RULES_OF_COLOURS = ["color-contrast", "link-in-text-block"]
# The browser and htmx log this about answers like 422 or 500, about a network or a service worker
# that a test took away, and about a skipped transition between two pages.
_EXPECTED_NOISE = re.compile(
    r"Failed to load resource|net::ERR_INTERNET_DISCONNECTED|Transition was (aborted|skipped)"
    r"|console error: htmx:(sendError|timeout|afterRequest),|blocked by Playwright"
    r"|Response Status Error Code (42[49]|50[03])"
)


def launch_options() -> dict[str, Any]:
    """For `browser_type.launch`. Raises ToolMissing."""
    environment = {**os.environ, "FONTCONFIG_FILE": str(FONTS)}
    return {"executable_path": chromium(), "args": ARGUMENTS, "env": environment}


def light_options() -> dict[str, Any]:
    """The same without a window, where the app cannot be installed and Back keeps no page alive.
    Raises ToolMissing."""
    return {**launch_options(), "executable_path": headless_chromium()}


# What phones show, named by tests/support/clients/fonts.conf.
TYPEFACES = {"Roboto", "Noto Mono"}


def typefaces(page: Page) -> set[str]:
    """The names of the typefaces that this page really shows."""
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    document = session.send("DOM.getDocument")["root"]["nodeId"]
    # Chromium looks no deeper than two levels, so it is asked of each element.
    everything = {"nodeId": document, "selector": "main *"}
    found = set()
    for node in session.send("DOM.querySelectorAll", everything)["nodeIds"]:
        fonts = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
        found |= {str(it["familyName"]) for it in fonts}
    session.detach()
    return found


def phone_options(base_url: str, **changes: Any) -> dict[str, Any]:
    """For `browser.new_context`: a small phone in Jakarta."""
    return {**_PHONE_TRAITS, "base_url": base_url, "viewport": PHONE, **changes}


class Watch:
    """Collects what a page must never do: errors, CSP violations, requests to other origins."""

    def __init__(self, context: BrowserContext, base_url: str) -> None:
        self._origin = urlsplit(base_url).netloc
        self.problems: list[str] = []
        self.requests: list[str] = []
        context.on("console", self._hear)
        context.on("weberror", lambda error: self._note(f"uncaught: {error.error}"))
        context.on("request", self._see)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._note(f"console {message.type}: {message.text}")

    def _note(self, problem: str) -> None:
        if not _EXPECTED_NOISE.search(problem):
            self.problems.append(problem)

    def _see(self, request: Request) -> None:
        self.requests.append(request.url)
        address = urlsplit(request.url)
        if address.scheme in ("http", "https", "ws", "wss") and address.netloc != self._origin:
            self.problems.append(f"a request to another origin: {request.url}")


@contextmanager
def phone(browser: Browser, base_url: str, **changes: Any) -> Iterator[BrowserContext]:
    """A browser context that fails at the end when one of its pages misbehaved."""
    context = browser.new_context(**phone_options(base_url, **changes))
    watch = Watch(context, base_url)
    try:
        yield context
    finally:
        context.close()
    assert not watch.problems, "\n".join(watch.problems)


class HeldBack:
    """Holds back the answers to what a page asks of one address, until the test releases them."""

    def __init__(self, page: Page, address: str) -> None:
        self._page = page
        self._waiting: list[Route] = []
        self.count = 0
        page.route(address, self._hold)

    def _hold(self, route: Route) -> None:
        self.count += 1
        self._waiting.append(route)

    def first(self) -> Route:
        """Wait for the first request; the caller answers it."""
        while not self._waiting:
            self._page.wait_for_timeout(10)  # Lets Playwright handle its events.
        return self._waiting.pop(0)


def until_kept_alive(leave_and_go_back: Callable[[], None], is_kept: Callable[[], bool]) -> None:
    """Leave the page and go back until the browser has kept it alive: a busy one does not get round
    to that, whatever the page is like."""
    for _ in range(5):
        leave_and_go_back()
        if is_kept():
            return
    raise AssertionError("the browser never kept the page alive")


def accessibility_findings(page: Page, *, of_colours: bool = False) -> list[str]:
    """What axe finds on the page as it is now, with the elements concerned. of_colours: only by the
    rules about colours."""
    rules = _AXE_RULES_OF_COLOURS if of_colours else _AXE_RULES
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    with on_a_tall_screen(page):
        result = page.evaluate(
            "options => axe.run(document, options)",
            {"runOnly": rules, "resultTypes": ["violations"]},
        )
    return [
        f"{it['id']} ({it['impact']}): {it['help']}: "
        + "; ".join(f"{node['target']} {node['failureSummary']}" for node in it["nodes"])
        for it in result["violations"]
    ]


@contextmanager
def on_a_tall_screen(page: Page) -> Iterator[None]:
    """Make the screen as tall as the page, so that the bottom bar covers nothing."""
    screen = page.viewport_size or PHONE
    height = page.evaluate("() => document.documentElement.scrollHeight")
    page.set_viewport_size({"width": screen["width"], "height": max(height, screen["height"])})
    yield
    page.set_viewport_size({"width": screen["width"], "height": screen["height"]})


@contextmanager
def on_a_narrow_screen(page: Page) -> Iterator[None]:
    """Make the screen as narrow as the narrowest phones."""
    with _on_a_screen(page, NARROW):
        yield


@contextmanager
def on_a_zoomed_screen(page: Page) -> Iterator[None]:
    """Show half as much, as when somebody enlarges the page twice."""
    with _on_a_screen(page, ZOOMED):
        yield


@contextmanager
def _on_a_screen(page: Page, size: dict[str, int]) -> Iterator[None]:
    screen = page.viewport_size or PHONE
    page.set_viewport_size({"width": size["width"], "height": size["height"]})
    yield
    page.set_viewport_size({"width": screen["width"], "height": screen["height"]})


def in_both_schemes(page: Page) -> Iterator[Scheme]:
    """Repaint the page light and dark, one after the other."""
    schemes: tuple[Scheme, Scheme] = ("light", "dark")
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        yield scheme


def box_of(element: Locator) -> FloatRect:
    """Where the element stands, as people see it: a heading can be read, and a test goes on, before
    the style sheet has come."""
    element.page.wait_for_load_state("load")
    box = element.bounding_box()
    assert box is not None
    return box


def sideways_overflow(page: Page) -> int:
    """By how many pixels the page is wider than the screen; it should be 0."""
    return int(
        page.evaluate(
            "() => Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)"
            " - Math.min(window.innerWidth, screen.width)"
        )
    )


def await_service_worker(page: Page) -> None:
    """Wait until the service worker serves pages. The browser calls it ready before it has removed
    the caches of earlier versions."""
    page.evaluate(
        """async () => {
          const { active } = await navigator.serviceWorker.ready;
          const isThere = () => active.state === "activated";
          while (!isThere()) {
            await new Promise((resolve) => active.addEventListener("statechange", resolve));
          }
        }"""
    )


def everything_stored(page: Page) -> str:
    """Cookies, localStorage, sessionStorage, Cache Storage and IndexedDB as one text."""
    cookies = json.dumps(page.context.cookies())
    return cookies + "\n" + json.dumps(page.evaluate(_DUMP), ensure_ascii=False)


_DUMP = """async () => {
  const caches_ = {};
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const answer = await cache.match(request);
      caches_[`${name} ${request.url}`] = await answer.text();
    }
  }
  const databases = {};
  for (const { name } of await indexedDB.databases()) {
    const database = await new Promise((resolve, reject) => {
      const opening = indexedDB.open(name);
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(opening.error);
    });
    for (const store of database.objectStoreNames) {
      databases[`${name} ${store}`] = await new Promise((resolve, reject) => {
        const reading = database.transaction(store).objectStore(store).getAll();
        reading.onsuccess = () => resolve(reading.result.map((it) => JSON.stringify(it)));
        reading.onerror = () => reject(reading.error);
      });
    }
    database.close();
  }
  return {
    local: { ...localStorage },
    session: { ...sessionStorage },
    caches: caches_,
    databases,
  };
}"""
