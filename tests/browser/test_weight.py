"""What the benchmark of pages counts is what a real Chromium loads, cold and warm."""

import re
import time
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import BrowserType

from benchmarks import weight
from benchmarks.measure import Visitor, signed_in
from benchmarks.weight import Weight
from tests.support.browser import launch_options, phone_options
from tests.support.recorded_traffic import Exchange, RecordedTraffic, recorded_traffic
from tests.support.running_app import RunningApp

# Tokens differ from page to page, and compress a little better or worse.
TOLERATED = 0.02
SETTLED_SECONDS = 2.0


def counted(weighed: Weight) -> dict[str, int]:
    return {without_token(it.path): it.size for it in weighed.loads}


def seen(exchanges: list[Exchange]) -> dict[str, int]:
    paths = [without_token(it.path) for it in exchanges]
    assert len(set(paths)) == len(paths), f"asked for twice: {sorted(paths)}"
    return {without_token(it.path): it.size for it in exchanges}


def without_token(path: str) -> str:
    return re.sub(r"/captcha/gambar/.*", "/captcha/gambar", path)


def when_quiet(traffic: RecordedTraffic) -> list[Exchange]:
    """What was asked for until nothing more came for a while: nobody announces the last."""
    before = -1
    while len(traffic.exchanges) != before:
        before = len(traffic.exchanges)
        time.sleep(SETTLED_SECONDS)
    return traffic.take()


@pytest.mark.parametrize("path", ["/", "/masuk", "/beranda"])
def test_chromium_loads_what_is_counted(
    browser_type: BrowserType, running: RunningApp, tmp_path: Path, path: str
) -> None:
    person = running.identity("ppu_active")
    is_private = path == "/beranda"
    visitor = signed_in(running.url, person) if is_private else Visitor(running.url)
    with closing(visitor), recorded_traffic(running.url) as traffic:
        # Only with a profile on disk does it look at the manifest by itself.
        options = {**launch_options(), **phone_options(traffic.url)}
        context = browser_type.launch_persistent_context(tmp_path, **options)
        for name, value in visitor.cookies.values.items():
            context.add_cookies([{"name": name, "value": value, "url": traffic.url}])
        page = context.new_page()
        page.goto(path)
        cold = seen(when_quiet(traffic))
        # Each new cookie makes it fetch the worker's script once more; then there are none.
        for address in ("/bantuan", path, "/bantuan"):
            page.goto(address)
            when_quiet(traffic)
        page.goto(path)
        warm = seen(when_quiet(traffic))
        context.close()
        first = weight.cold(visitor, path)
        expected = counted(first)
        assert cold.keys() == expected.keys()
        assert sum(cold.values()) == pytest.approx(sum(expected.values()), rel=TOLERATED)
        expected = counted(weight.warm(visitor, path, first))
        assert warm.keys() == expected.keys()
        assert sum(warm.values()) == pytest.approx(sum(expected.values()), rel=TOLERATED)
