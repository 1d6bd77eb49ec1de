"""Fixtures for every test: frozen time, closed network, clean databases, checking clients.

`database` comes twice, on SQLite and on PostgreSQL; `client` comes twice, with htmx on one of
them and without it on the other, or with `--every-pair` in all four ways.
"""

import logging
import os
import random
import shutil
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path

import hypothesis
import pytest
import time_machine
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from jkn import create_app
from jkn.settings import Settings
from tests.support.clock import BEGINNING, Clock
from tests.support.connected import ConnectedDatabase, close_session, connected, settings_for
from tests.support.databases import DatabaseCopies, PostgresqlCopies, SqliteCopies, fast_folder
from tests.support.logs import collected_logs
from tests.support.page_client import PageClient
from tests.support.postgresql import PostgresqlServer
from tests.support.privacy import CANARIES
from tests.support.queries import QueryCounter
from tests.support.scheduling import pytest_xdist_make_scheduler as pytest_xdist_make_scheduler
from tests.support.tools import IS_CI, ToolMissing, skip_without

# How long examples take to make says nothing on a busy machine.
_PATIENT = {"deadline": None, "suppress_health_check": [hypothesis.HealthCheck.too_slow]}
hypothesis.settings.register_profile("repeatable", derandomize=True, **_PATIENT)
# make test PYTEST="--hypothesis-profile=thorough -k garbage"
hypothesis.settings.register_profile("thorough", max_examples=500, database=None, **_PATIENT)
hypothesis.settings.load_profile("repeatable")


_VISITORS, _DATABASES = ("as_htmx", "as_browser"), ("sqlite", "postgresql")
# No layer knows both the database and htmx, so each is tried, but not each with each.
_PAIRS = list(zip(_VISITORS, _DATABASES, strict=True))


def pytest_addoption(parser: pytest.Parser) -> None:
    """What may be asked of `make test` by PYTEST="…"."""
    parser.addoption("--every-pair", action="store_true", help="htmx or not × either database")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """By what kind of visitor and on which database, unless a test says so itself."""
    ways = {"client": _VISITORS, "database_copies": _DATABASES}
    named = {mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")}
    asked = [it for it in ways if it in metafunc.fixturenames and it not in named]
    if asked == list(ways) and not metafunc.config.getoption("every_pair"):
        metafunc.parametrize(asked, _PAIRS, indirect=True)
        return
    for name in asked:
        metafunc.parametrize(name, ways[name], indirect=True)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Programs of their own start slowly where the machine is busy, but no test may hang."""
    for item in items:
        if any(item.get_closest_marker(it) for it in ("browser", "real_time", "starts_app")):
            item.add_marker(pytest.mark.timeout(300))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI nothing is skipped: a test that is counts as failed."""
    report = yield
    if IS_CI and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI does not allow: {report.longrepr}"
    return report


@pytest.fixture(scope="session", autouse=True)
def own_environment() -> Iterator[None]:
    """Settings that somebody exported in this shell must not reach the tests."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [
            it for it in os.environ if it.startswith(("JKN_", "FLASK_")) or it in ("HOST", "PORT")
        ]:
            if not name.startswith("JKN_TEST_"):
                patch.delenv(name)
        yield


@pytest.fixture(autouse=True)
def _same_dice() -> None:
    random.seed(20260503)


@pytest.fixture(autouse=True)
def _fresh_canaries() -> None:
    CANARIES.clear()


@pytest.fixture(autouse=True)
def clock(request: pytest.FixtureRequest) -> Iterator[Clock | None]:
    """Time stands still at `BEGINNING`; a test moves it. Browsers keep the real time."""
    if any(request.node.get_closest_marker(it) for it in ("browser", "real_time")):
        yield None
        return
    with time_machine.travel(BEGINNING, tick=False) as traveller:
        yield Clock(traveller)


@pytest.fixture(scope="session")
def assets_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the bundled static files are built, once."""
    return tmp_path_factory.mktemp("assets")


@pytest.fixture(scope="session")
def sqlite_copies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteCopies]:
    """Maker of clean SQLite databases."""
    folder = tempfile.mkdtemp(prefix="jkn-", dir=fast_folder(tmp_path_factory.getbasetemp()))
    yield SqliteCopies(Path(folder))
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgresql_copies() -> Iterator[PostgresqlCopies]:
    """Maker of clean PostgreSQL databases, on a server of this test run's own."""
    try:
        server = PostgresqlServer()
    except ToolMissing as missing:
        skip_without(missing)
    else:
        with server:
            copies = PostgresqlCopies(server)
            yield copies
            copies.close()


@pytest.fixture
def database_copies(request: pytest.FixtureRequest) -> DatabaseCopies:
    """Maker of clean databases, on each kind of server."""
    copies: DatabaseCopies = request.getfixturevalue(f"{request.param}_copies")
    return copies


@pytest.fixture
def database(
    request: pytest.FixtureRequest, database_copies: DatabaseCopies, assets_dir: Path
) -> Iterator[ConnectedDatabase]:
    """A clean migrated database; session and services are bound to it."""
    marker = request.node.get_closest_marker("settings")
    with database_copies.copy() as copy:
        settings = settings_for(copy.url, assets_dir, marker.kwargs if marker else {})
        with connected(copy, settings) as ready:
            yield ready


@pytest.fixture
def settings(database: ConnectedDatabase) -> Settings:
    """The settings under test; `@pytest.mark.settings(captcha="picture")` changes some."""
    return database.settings


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates are compiled once, not for the app of every test."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def app(settings: Settings, compiled_templates: FileSystemBytecodeCache) -> Iterator[Flask]:
    """The whole application. Its log must hold nothing personal, whatever the test does."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    app = create_app(settings)
    app.jinja_env.bytecode_cache = compiled_templates
    with collected_logs() as lines:
        yield app
    close_session()
    root.handlers = handlers
    root.setLevel(level)
    leaked = [line for line in lines if CANARIES.found_in(line)]
    assert not leaked, f"personal data in the log: {leaked}"


@pytest.fixture
def client(request: pytest.FixtureRequest, app: Flask) -> PageClient:
    """A visitor, once without JavaScript and once with htmx."""
    return PageClient(app, with_htmx=request.param == "as_htmx")


@pytest.fixture
def as_browser(app: Flask) -> PageClient:
    """A visitor without JavaScript only."""
    return PageClient(app)


@pytest.fixture
def as_htmx(app: Flask) -> PageClient:
    """A visitor with htmx only."""
    return PageClient(app, with_htmx=True)


@pytest.fixture
def queries() -> QueryCounter:
    """Counts statements: `with queries.at_most(3): …`."""
    return QueryCounter()
