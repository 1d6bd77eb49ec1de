"""Fixtures for every test: frozen time, closed network, clean databases, checking clients.

`database` is SQLite, and for tests marked `both_databases` PostgreSQL, too. `client` comes with
htmx in one half of the tests and without it in the other. `--thorough` tries both of both.
"""

import logging
import os
import random
import shutil
import tempfile
import zlib
from collections.abc import Generator, Iterator
from pathlib import Path

import hypothesis
import pytest
import time_machine
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from jkn import create_app
from jkn.models import Account
from jkn.services.credentials import passwords
from jkn.settings import Settings
from tests.support.clients.page_client import PageClient
from tests.support.rules.canaries import CANARIES
from tests.support.rules.hashing import hashing_without_connection
from tests.support.world.clock import BEGINNING, Clock
from tests.support.world.collected_logs import collected_logs
from tests.support.world.connected import (
    ConnectedDatabase,
    close_session,
    connected,
    runtime_put_back,
    settings_for,
)
from tests.support.world.databases import (
    DatabaseCopies,
    PostgresqlCopies,
    SqliteCopies,
    fast_folder,
)
from tests.support.world.factories import count_anew, make_account
from tests.support.world.noted_costs import NotedCosts
from tests.support.world.postgresql import PostgresqlServer
from tests.support.world.programs import IS_CI, ToolMissing, skip_without
from tests.support.world.queries import QueryCounter
from tests.support.world.scheduling import name_groups
from tests.support.world.scheduling import (
    pytest_xdist_make_scheduler as pytest_xdist_make_scheduler,
)
from tests.support.world.standing import Standing, shape_of
from tests.support.world.waiting import PATIENCE_SECONDS

# On a busy machine, slow examples are no sign of a mistake.
_PATIENT = {"deadline": None, "suppress_health_check": [hypothesis.HealthCheck.too_slow]}
hypothesis.settings.register_profile("repeatable", derandomize=True, max_examples=20, **_PATIENT)
hypothesis.settings.register_profile("thorough", max_examples=500, database=None, **_PATIENT)

_VISITORS, _DATABASES = ("as_htmx", "as_browser"), ("sqlite", "postgresql")
_SCRIPTS = ("with-js", "without-js")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options that `make test` can pass on with PYTEST="…"."""
    parser.addoption(
        "--thorough",
        action="store_true",
        help="htmx or not × either database, many random examples",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Choose how many examples hypothesis makes, and note the cost of each test file."""
    hypothesis.settings.load_profile("thorough" if config.getoption("thorough") else "repeatable")
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(NotedCosts(config))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Choose the kind of visitor and the database, unless the test chooses them itself."""
    is_thorough = metafunc.config.getoption("thorough")
    on_both = is_thorough or metafunc.definition.get_closest_marker("both_databases")
    by_both = is_thorough or metafunc.definition.get_closest_marker("with_and_without_js")
    # Tests of all forms prove what htmx changes, so a flow is walked only with or only without it.
    in_turn = zlib.crc32(metafunc.definition.name.encode()) % 2
    ways = {
        "client": _VISITORS if is_thorough else _VISITORS[in_turn : in_turn + 1],
        "either_page": _SCRIPTS if by_both else _SCRIPTS[in_turn : in_turn + 1],
        "database_copies": _DATABASES if on_both else _DATABASES[:1],
    }
    named = {mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")}
    for name, values in ways.items():
        if name in metafunc.fixturenames and name not in named:
            metafunc.parametrize(name, values, indirect=True)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Set time limits, so that no test hangs. Tests that start programs get more time, since a busy
    machine is slow; thorough runs get no limit."""
    name_groups(config, items)
    for item in items:
        if config.getoption("thorough"):
            item.add_marker(pytest.mark.timeout(0), append=False)
        elif any(item.get_closest_marker(it) for it in ("browser", "real_time", "starts_app")):
            item.add_marker(pytest.mark.timeout(300))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI a skipped test counts as failed."""
    report = yield
    if IS_CI and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI does not allow: {report.longrepr}"
    return report


@pytest.fixture(scope="session", autouse=True)
def own_environment() -> Iterator[None]:
    """Remove settings that were exported in this shell, so that they do not reach the tests."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [
            it for it in os.environ if it.startswith(("JKN_", "FLASK_")) or it in ("HOST", "PORT")
        ]:
            if not name.startswith("JKN_TEST_"):
                patch.delenv(name)
        yield


@pytest.fixture(autouse=True)
def _same_dice_and_people() -> None:
    random.seed(20260503)
    count_anew()


@pytest.fixture(autouse=True)
def _fresh_canaries() -> None:
    CANARIES.clear()


@pytest.fixture(autouse=True)
def _runtime_put_back() -> Iterator[None]:
    """Restore the settings after each test, and forget the parts that it provided."""
    with runtime_put_back():
        yield


@pytest.fixture(autouse=True)
def clock(request: pytest.FixtureRequest) -> Iterator[Clock | None]:
    """Time stands still at `BEGINNING`; a test moves it. Browsers keep the real time."""
    if any(request.node.get_closest_marker(it) for it in ("browser", "real_time")):
        yield None
        return
    with time_machine.travel(BEGINNING, tick=False) as traveller:
        yield Clock(traveller)


@pytest.fixture(scope="session", autouse=True)
def _hashing() -> Iterator[None]:
    """No test may hash while it holds a connection, and none gets `BUSY` on a slow machine."""
    with hashing_without_connection(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_WAIT_SECONDS", PATIENCE_SECONDS)
        yield


@pytest.fixture(scope="session")
def assets_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the bundled static files are built, once."""
    return tmp_path_factory.mktemp("assets")


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The folder with the prepared database of servers, for all processes of this run."""
    own = tmp_path_factory.getbasetemp()
    return (own if worker_id == "master" else own.parent) / "world-of-servers"


@pytest.fixture(scope="session")
def sqlite_copies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteCopies]:
    """Makes clean SQLite databases."""
    folder = tempfile.mkdtemp(prefix="jkn-", dir=fast_folder(tmp_path_factory.getbasetemp()))
    yield SqliteCopies(Path(folder))
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgresql_copies() -> Iterator[PostgresqlCopies]:
    """Makes clean PostgreSQL databases, on a server of this test run."""
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
    """Makes clean databases, of the kind that the test runs on."""
    copies: DatabaseCopies = request.getfixturevalue(f"{request.param}_copies")
    return copies


@pytest.fixture(scope="session")
def standing() -> Standing:
    """Engines and applications that tests reuse."""
    return Standing()


@pytest.fixture
def has_own_app(request: pytest.FixtureRequest) -> bool:
    """Whether the test needs an application that no other test uses."""
    has_own_settings = request.node.get_closest_marker("settings") is not None
    return has_own_settings or "own_app" in request.fixturenames


@pytest.fixture
def database(
    request: pytest.FixtureRequest,
    database_copies: DatabaseCopies,
    assets_dir: Path,
    standing: Standing,
    has_own_app: bool,
) -> Iterator[ConnectedDatabase]:
    """A clean migrated database; session and services are bound to it."""
    marker = request.node.get_closest_marker("settings")
    with database_copies.copy() as copy:
        settings = settings_for(copy.url, assets_dir, marker.kwargs if marker else {})
        engine = None if has_own_app else standing.engine(settings)
        with connected(copy, settings, engine) as ready:
            if not has_own_app:
                standing.keep_engine(settings, ready.engine)
            yield ready


@pytest.fixture
def settings(database: ConnectedDatabase) -> Settings:
    """The settings under test; `@pytest.mark.settings(captcha="picture")` changes some."""
    return database.settings


@pytest.fixture
def account(database: ConnectedDatabase) -> Account:
    """Somebody who may sign in, head of a family of one."""
    return make_account()


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """A cache that compiles templates once, not for the app of every test."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def app(
    settings: Settings,
    standing: Standing,
    has_own_app: bool,
    compiled_templates: FileSystemBytecodeCache,
) -> Iterator[Flask]:
    """The whole application. Its log must hold nothing personal, whatever the test does."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    app = create_app(settings) if has_own_app else standing.app(settings)
    app.jinja_env.bytecode_cache = compiled_templates
    shape = shape_of(app)
    with collected_logs() as lines:
        yield app
    close_session()
    root.handlers = handlers
    root.setLevel(level)
    # Search the whole log first, since most often nothing is found.
    leaked = CANARIES.found_in("\n".join(lines)) and [it for it in lines if CANARIES.found_in(it)]
    assert not leaked, f"personal data in the log: {leaked}"
    if not has_own_app:
        after = shape_of(app)
        changed = [name for name, before in shape.items() if after[name] != before]
        assert not changed, f"others use this application, too; ask for own_app: {changed}"


@pytest.fixture
def own_app(app: Flask) -> Flask:
    """An application that the test may change: no other test uses it."""
    return app


@pytest.fixture
def client(request: pytest.FixtureRequest, app: Flask) -> PageClient:
    """A visitor without JavaScript or with htmx."""
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
