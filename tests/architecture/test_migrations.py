"""Migrations go up, down and up again, and lead to the schema that the models describe."""

import pytest
from alembic import command
from sqlalchemy import create_engine, inspect

from tests.support.checks.migrations import differences
from tests.support.world.databases import DatabaseCopies, alembic_on, migrate

pytestmark = pytest.mark.both_databases


def tables(url: str) -> set[str]:
    engine = create_engine(url)
    try:
        return set(inspect(engine).get_table_names())
    finally:
        engine.dispose()


def columns(url: str) -> dict[str, list[str]]:
    engine = create_engine(url)
    try:
        inspector = inspect(engine)
        return {
            name: sorted(f"{it['name']} {it['type']!r} {it['nullable']}" for it in found)
            for (_, name), found in inspector.get_multi_columns().items()
        }
    finally:
        engine.dispose()


def test_the_migrations_match_the_models(database_copies: DatabaseCopies) -> None:
    with database_copies.copy() as database:
        assert differences(database.url) == []


def test_a_missing_migration_is_found(database_copies: DatabaseCopies) -> None:
    with database_copies.copy() as database:
        engine = create_engine(database.url)
        with engine.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE facilities DROP COLUMN address")
        engine.dispose()
        assert "address" in " ".join(differences(database.url))


def test_the_migrations_go_up_and_down_and_up(database_copies: DatabaseCopies) -> None:
    with database_copies.empty() as database:
        migrate(database.url)
        first = columns(database.url)
        assert {"accounts", "participants", "families"} <= first.keys()
        with alembic_on(database.url) as config:
            command.downgrade(config, "base")
        assert tables(database.url) == {"alembic_version"}
        migrate(database.url)
        assert columns(database.url) == first
