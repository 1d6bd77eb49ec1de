"""The schema's version: what was migrated, and what another release migrated."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text

from jkn.database import session
from jkn.database_version import Schema, is_up_to_date, migrate, schema_of
from jkn.models import Family
from tests.support.calls.sign_in_calls import count
from tests.support.world.connected import ConnectedDatabase, connected, settings_for
from tests.support.world.databases import DatabaseCopies, alembic_on
from tests.support.world.factories import make_family

pytestmark = pytest.mark.both_databases


@pytest.fixture
def empty(database_copies: DatabaseCopies, tmp_path: Path) -> Iterator[ConnectedDatabase]:
    """A database without any schema."""
    with (
        database_copies.empty() as database,
        connected(database, settings_for(database.url, tmp_path, {})) as ready,
    ):
        yield ready


def schema(database: ConnectedDatabase) -> Schema:
    with database.engine.connect() as connection:
        return schema_of(connection)


def test_a_database_is_up_to_date_after_migrating_and_not_before(
    empty: ConnectedDatabase,
) -> None:
    assert not is_up_to_date(empty.engine)
    assert schema(empty) is Schema.OTHER
    migrate(empty.engine)
    assert is_up_to_date(empty.engine)
    assert schema(empty) is Schema.SAME


def test_migrating_again_costs_no_data(empty: ConnectedDatabase) -> None:
    migrate(empty.engine)
    make_family()
    session.remove()
    migrate(empty.engine)
    assert count(Family) == 1


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("0000", Schema.OLDER),
        ("0001", Schema.OLDER),
        ("9999", Schema.NEWER),
        ("99999", Schema.OTHER),
        ("a1b2", Schema.OTHER),
        ("", Schema.OTHER),
    ],
)
def test_a_database_of_another_release_is_not_up_to_date(
    empty: ConnectedDatabase, version: str, expected: Schema
) -> None:
    migrate(empty.engine)
    with empty.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :it"), {"it": version})
    assert not is_up_to_date(empty.engine)
    assert schema(empty) is expected


def test_a_database_with_two_versions_belongs_to_another_release(empty: ConnectedDatabase) -> None:
    migrate(empty.engine)
    with empty.engine.begin() as connection:
        connection.execute(text("INSERT INTO alembic_version VALUES ('0001')"))
    assert not is_up_to_date(empty.engine)
    assert schema(empty) is Schema.OTHER


def test_every_migration_has_a_number_of_four_digits(empty: ConnectedDatabase) -> None:
    """The number tells an older schema from a newer one."""
    with alembic_on(empty.settings.database_url) as config:
        revisions = [it.revision for it in ScriptDirectory.from_config(config).walk_revisions()]
    assert revisions == sorted(revisions, reverse=True)
    assert all(len(it) == 4 and it.isdigit() for it in revisions)
