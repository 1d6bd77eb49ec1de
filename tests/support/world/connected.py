"""The application's layers below the web, bound to a scratch database."""

import base64
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, QueuePool, event, text

from jkn.database import bind, connect, session
from jkn.services.basics import runtime
from jkn.settings import Settings
from tests.support.world.databases import ScratchDatabase

# These secrets are used by tests only.
SECRETS = {
    "secret_key": "tests-secret-key-with-many-different-letters-0123456789",
    "pepper": "tests-pepper-with-many-other-different-letters-9876543210",
    "data_key": base64.b64encode(bytes(range(32))).decode(),
}
_USUAL = {
    **SECRETS,
    "env": "test",
    "base_url": "http://localhost",
    "captcha": "fixed",
    "captcha_work": 20,
    "argon2_cost": "cheapest",
    "log_level": "debug",
}


@dataclass(frozen=True)
class ConnectedDatabase:
    """A database that session and services use. `kind`: "sqlite" or "postgresql"."""

    kind: str
    settings: Settings
    engine: Engine


def settings_for(database_url: str, assets_dir: Path, changes: Mapping[str, Any]) -> Settings:
    """The settings of tests, whatever the environment says."""
    places = {
        "database_url": database_url,
        "assets_dir": assets_dir,
    }
    return Settings(**{**_USUAL, **places, **changes})


def bare_settings(**changes: Any) -> Settings:
    """The settings of a test that needs no database."""
    return Settings(**{**_USUAL, **changes})


def bind_changed(**changes: Any) -> None:
    """Bind the settings in force with these changes until the test ends. Parts that the test has
    provided are forgotten."""
    runtime.bind(runtime.settings().model_copy(update=changes))


@contextmanager
def runtime_put_back() -> Iterator[None]:
    """Restore the settings that were in force before, if any, whatever the block binds."""
    before = runtime._bound
    try:
        yield
    finally:
        runtime._bound = before


@contextmanager
def connected(
    database: ScratchDatabase, settings: Settings, engine: Engine | None = None
) -> Iterator[ConnectedDatabase]:
    """Bind session and services; afterwards no connection stays open. `engine`: an engine of these
    settings that was used before, with its cache of statements."""
    if engine is None:
        engine = connect(settings)
    else:
        bind(engine, settings)
    runtime.bind(settings)
    try:
        yield ConnectedDatabase(database.kind, settings, engine)
    finally:
        close_session()
        engine.dispose()


@contextmanager
def schema_called(database: ConnectedDatabase, version: str) -> Iterator[None]:
    """In this block, the schema has another version. It is restored, since databases are reused."""

    def rename(version: str) -> str:
        with database.engine.begin() as connection:
            before = connection.execute(text("SELECT version_num FROM alembic_version"))
            was = str(before.scalar_one())
            connection.execute(
                text("UPDATE alembic_version SET version_num = :it"), {"it": version}
            )
        return was

    own = rename(version)
    try:
        yield
    finally:
        rename(own)


@contextmanager
def taking_no_writes(database: ConnectedDatabase) -> Iterator[None]:
    """As a standby that was not promoted, or a disk that was mounted to be read only."""
    close_session()
    engine = connect(database.settings)
    no_writes = {
        "sqlite": "PRAGMA query_only=ON",
        "postgresql": "SET default_transaction_read_only=on",
    }

    @event.listens_for(engine, "connect")
    def take_no_writes(connection: Any, _record: object) -> None:
        connection.execute(no_writes[database.kind])
        if database.kind == "postgresql":
            connection.commit()

    try:
        yield
    finally:
        close_session()
        connect(database.settings)


def connections_out(database: ConnectedDatabase) -> int:
    """How many connections are taken and not given back."""
    pool = database.engine.pool
    assert isinstance(pool, QueuePool)
    return pool.checkedout()


def close_session() -> None:
    """Give the session's connection back and close those of the engine it is bound to now."""
    session.remove()
    bound = session.session_factory.kw.get("bind")
    if isinstance(bound, Engine):
        bound.dispose()
