"""One running app and one Chromium for all walks; each walk has a phone of its own."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, expect

from tests.support.browser import BACK_FORWARD_CACHE, launch_options, phone
from tests.support.recovery_world import begin_anew
from tests.support.running_app import RunningApp, running_app
from tests.support.tools import ToolMissing, skip_without

Phone = Callable[..., BrowserContext]

# As patient as the browser's own waiting: how long a page takes says nothing on a busy machine.
expect.set_options(timeout=30_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder walks by the real clock."""
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Debian's Chromium instead of a downloaded one."""
    try:
        return launch_options()
    except ToolMissing as missing:
        skip_without(missing)
        raise


@contextmanager
def watched_app(**settings: str) -> Iterator[RunningApp]:
    """The app with the sample world. Nothing that went wrong in it may stay unnoticed. `settings`
    are environment variables."""
    with running_app(**settings) as app:
        yield app
        log = app.log()
    for trouble in ("csp_violation", "request_failed", "Traceback"):
        assert trouble not in log, log


@pytest.fixture(scope="session")
def running() -> Iterator[RunningApp]:
    """One for all walks that leave it as it was."""
    with watched_app() as app:
        yield app


@pytest.fixture(autouse=True)
def _nobody_failed_before(running: RunningApp) -> None:
    """Wrong passwords of other walks would make this one's people wait."""
    begin_anew(running)


@pytest.fixture
def new_phone(browser: Browser, running: RunningApp) -> Iterator[Phone]:
    """Makes phones: `new_phone(java_script_enabled=False)`. Each is watched until the end."""
    with ExitStack() as stack:
        yield lambda **changes: stack.enter_context(phone(browser, running.url, **changes))


@pytest.fixture
def page(new_phone: Phone) -> Page:
    """A page on a phone of 360 by 740."""
    return new_phone().new_page()


@pytest.fixture(params=["with-js", "without-js"])
def either_page(request: pytest.FixtureRequest, new_phone: Phone) -> Page:
    """The same walk with and without JavaScript."""
    return new_phone(java_script_enabled=request.param == "with-js").new_page()


@pytest.fixture
def caching_page(browser_type: BrowserType, running: RunningApp) -> Iterator[Page]:
    """A page of a browser that keeps pages alive for its Back button, as people's do."""
    options = launch_options() | {"ignore_default_args": BACK_FORWARD_CACHE}
    browser = browser_type.launch(**options)
    try:
        with phone(browser, running.url) as context:
            yield context.new_page()
    finally:
        browser.close()
