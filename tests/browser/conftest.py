"""One running app and one Chromium for all walks; each walk has a phone of its own."""

import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, expect

from tests.support.clients.chromium import BACK_FORWARD_CACHE, launch_options, light_options, phone
from tests.support.gateways.http_stub import Exchange, HttpStub, http_stub
from tests.support.world.programs import ToolMissing, skip_without
from tests.support.world.running_app import RunningApp, running_app
from tests.support.world.saved_world import LATE, PROGRAM, SavedWorld, saved_world

Phone = Callable[..., BrowserContext]

# These tests run in one test process, so that only one such server is needed.
with_other_settings = pytest.mark.xdist_group("other settings")

# A long time-out, as for the browser itself: on a busy machine a slow page is no mistake.
expect.set_options(timeout=30_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests in this folder use the real clock."""
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Debian's Chromium instead of a downloaded one."""
    try:
        return light_options()
    except ToolMissing as missing:
        skip_without(missing)
        raise


class Server:
    """A running app with the sample world, which the walks use one after the other."""

    def __init__(self, app: RunningApp, beginning: SavedWorld) -> None:
        self._app = app
        self._beginning = beginning

    @contextmanager
    def walked(self) -> Iterator[RunningApp]:
        """The app with its first data, whatever was done in it before. The walk fails when the log
        reports trouble."""
        self._beginning.restore()
        said_before = len(self._app.log())
        yield self._app
        said = self._app.log()[said_before:]
        for trouble in ("csp_violation", "request_failed", "Traceback"):
            assert trouble not in said, said


@contextmanager
def serving(world: Path, **settings: str) -> Iterator[Server]:
    """One more server. `settings` are environment variables."""
    with (
        running_app(*PROGRAM, world=world, **settings) as app,
        saved_world(app) as beginning,
    ):
        yield Server(app, beginning)


@pytest.fixture(scope="session")
def network(pytestconfig: pytest.Config) -> dict[str, str]:
    """How quick the servers are: `--thorough` has every answer come late."""
    return {LATE: "0.3"} if pytestconfig.getoption("thorough") else {}


@pytest.fixture(scope="session")
def server(world: Path, network: dict[str, str]) -> Iterator[Server]:
    """One server for all walks, since starting another takes longer than most of them."""
    with serving(world, **network) as server:
        yield server


@pytest.fixture
def running(server: Server) -> Iterator[RunningApp]:
    """The app, and in it the same world for every walk."""
    with server.walked() as app:
        yield app


@pytest.fixture(scope="session")
def somebodys_registry() -> Iterator[HttpStub]:
    """A population registry over HTTP, on a server of the tests."""
    with http_stub(Exchange.hang) as stub:
        yield stub


@pytest.fixture
def registry(somebodys_registry: HttpStub) -> HttpStub:
    """The registry hangs until the test lets it answer."""
    somebodys_registry.behave = Exchange.hang
    return somebodys_registry


@pytest.fixture(scope="session")
def other_server(
    world: Path, network: dict[str, str], somebodys_registry: HttpStub
) -> Iterator[Server]:
    """A server with other settings, for the few walks that need it."""
    url = f"http://pengguna:rahasia@127.0.0.1:{somebodys_registry.port}/base"
    with serving(world, JKN_REGISTRY_URL=url, **network) as server:
        yield server


@pytest.fixture
def asking(other_server: Server, registry: HttpStub) -> Iterator[RunningApp]:
    """An app that asks that registry."""
    with other_server.walked() as app:
        yield app


@pytest.fixture
def traits(request: pytest.FixtureRequest) -> dict[str, Any]:
    """What the phones of this test have in common. Only those of walks that are about the service
    worker, and of the one walk of each journey, have one: it costs a tenth of a walk."""
    marks = ("service_worker", "with_and_without_js")
    has_worker = any(request.node.get_closest_marker(it) for it in marks)
    return {"service_workers": "allow" if has_worker else "block"}


@pytest.fixture
def new_phone(browser: Browser, running: RunningApp, traits: dict[str, Any]) -> Iterator[Phone]:
    """Makes phones: `new_phone(java_script_enabled=False)`. Each is watched until the end."""
    with ExitStack() as stack:
        yield lambda **changes: stack.enter_context(
            phone(browser, running.url, **(traits | changes))
        )


@pytest.fixture
def page(new_phone: Phone) -> Page:
    """A page on a phone of 360 by 740."""
    return new_phone().new_page()


@pytest.fixture
def either_page(request: pytest.FixtureRequest, new_phone: Phone) -> Page:
    """A page with JavaScript or without, by the test's name; both for `with_and_without_js`."""
    return new_phone(java_script_enabled=request.param == "with-js").new_page()


@pytest.fixture(scope="session")
def caching_browser(browser_type: BrowserType) -> Iterator[Browser]:
    """A browser that keeps pages alive for its Back button, as people's do: it is started without
    the argument by which Playwright switches that off."""
    browser = browser_type.launch(**launch_options() | {"ignore_default_args": BACK_FORWARD_CACHE})
    yield browser
    browser.close()


@pytest.fixture
def caching_page(
    caching_browser: Browser, running: RunningApp, traits: dict[str, Any]
) -> Iterator[Page]:
    """A page of such a browser."""
    with phone(caching_browser, running.url, **traits) as context:
        yield context.new_page()


@dataclass(frozen=True)
class Way:
    """A way in which a browser goes back. `keeps_alive`: from memory, if it may; otherwise the page
    is loaded anew, and its fields are filled in from the history."""

    keeps_alive: bool
    with_script: bool

    def __str__(self) -> str:
        how = "from-memory" if self.keeps_alive else "anew"
        return f"{how}-{'with' if self.with_script else 'without'}-js"


@pytest.fixture
def way(request: pytest.FixtureRequest) -> Way:
    """One of the ways by which this test goes back."""
    return request.param  # type: ignore[no-any-return]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Go back in two ways, which differ in both respects: one half of the tests in these two, one
    half in the other two. `--thorough`: in all four."""
    if "back_page" in metafunc.fixturenames:
        in_turn = zlib.crc32(metafunc.definition.name.encode()) % 2 == 0
        ways = [Way(it, script) for it in (False, True) for script in (True, False)]
        if not metafunc.config.getoption("thorough"):
            ways = [it for it in ways if (it.keeps_alive == it.with_script) == in_turn]
        metafunc.parametrize("way", ways, indirect=True, ids=str)


@pytest.fixture
def back_page(
    request: pytest.FixtureRequest, way: Way, running: RunningApp, traits: dict[str, Any]
) -> Iterator[Page]:
    """A page of a browser that goes back in this way."""
    browser = request.getfixturevalue("caching_browser" if way.keeps_alive else "browser")
    with phone(browser, running.url, java_script_enabled=way.with_script, **traits) as context:
        yield context.new_page()
