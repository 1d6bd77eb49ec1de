"""The benchmark of pages counts what a real Chromium loads, cold and warm."""

import re
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import BrowserType, Page

from benchmarks import weight
from benchmarks.measure import Visitor, signed_in
from benchmarks.weight import Weight
from tests.support.clients.chromium import await_service_worker, launch_options, phone_options
from tests.support.clients.recorded_traffic import Exchange, RecordedTraffic, recorded_traffic
from tests.support.world.running_app import RunningApp
from tests.support.world.waiting import wait_until

# Tokens differ from page to page and compress differently, so sizes differ a little.
TOLERATED = 0.02


def counted(weighed: Weight) -> dict[str, int]:
    return {without_token(it.path): it.size for it in weighed.loads}


def seen(exchanges: list[Exchange]) -> dict[str, int]:
    paths = [without_token(it.path) for it in exchanges]
    assert len(set(paths)) == len(paths), f"asked for twice: {sorted(paths)}"
    return {without_token(it.path): it.size for it in exchanges}


def without_token(path: str) -> str:
    return re.sub(r"/captcha/gambar/.*", "/captcha/gambar", path)


def when_there(traffic: RecordedTraffic, expected: dict[str, int]) -> dict[str, int]:
    """What went through the tunnel, once everything that is expected did."""

    def is_there() -> bool:
        found = seen(list(traffic.exchanges))
        return found.keys() >= expected.keys() and is_like(found, expected)

    wait_until(is_there, "all of it went through", lambda: str(seen(list(traffic.exchanges))))
    return seen(list(traffic.exchanges))


def is_like(found: dict[str, int], expected: dict[str, int]) -> bool:
    return sum(found.values()) == pytest.approx(sum(expected.values()), rel=TOLERATED)


def look_for_new_worker(page: Page) -> None:
    """Let the browser check for a new service worker, as it does now and then. It asks for the
    script only if its copy is not fresh."""
    await_service_worker(page)
    page.evaluate("() => navigator.serviceWorker.ready.then(it => it.update()).then(() => true)")


@pytest.mark.parametrize("path", ["/", "/masuk", "/beranda"])
def test_chromium_loads_what_is_counted(
    browser_type: BrowserType, running: RunningApp, tmp_path: Path, path: str
) -> None:
    person = running.identity("ppu_active")
    is_private = path == "/beranda"
    visitor = signed_in(running.url, person) if is_private else Visitor(running.url)
    with closing(visitor), recorded_traffic(running.url) as traffic:
        # Only with a profile on disk the browser loads the manifest by itself.
        options = {**launch_options(), **phone_options(traffic.url)}
        context = browser_type.launch_persistent_context(tmp_path, **options)
        for name, value in visitor.cookies.values.items():
            context.add_cookies([{"name": name, "value": value, "url": traffic.url}])
        page = context.new_page()
        page.goto(path)
        first = weight.cold(visitor, path)
        expected = counted(first)
        cold = when_there(traffic, expected)
        assert cold.keys() == expected.keys()
        assert is_like(cold, expected)
        # Each new cookie makes the browser fetch the worker's script once more.
        traffic.take()
        look_for_new_worker(page)
        assert [it.path for it in traffic.take()] in ([], ["/sw.js"])
        page.goto(path)
        expected = counted(weight.warm(visitor, path, first))
        warm = when_there(traffic, expected)
        look_for_new_worker(page)
        context.close()
        # Read after the browser has ended, so that nothing can follow.
        assert seen(traffic.take()).keys() == expected.keys()
        assert is_like(warm, expected)
