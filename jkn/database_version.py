"""The version of the database schema: migrate to the newest, and tell whether that was done."""

import functools
from enum import StrEnum

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from jkn.settings import ROOT


class Schema(StrEnum):
    """The schema of the database, compared with this code. OTHER: there is none, or it is not one
    of this app."""

    SAME = "same"
    OLDER = "older"
    NEWER = "newer"
    OTHER = "other"


def migrate(engine: Engine) -> None:
    """Bring the schema to the newest version, if it is not there yet."""
    config = _config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_up_to_date(engine: Engine) -> bool:
    """Whether the schema of the database is the one of this code."""
    with engine.connect() as connection:
        return schema_of(connection) is Schema.SAME


def schema_of(connection: Connection) -> Schema:
    """How the database's last migration compares with this code's. They are numbered: 0001, 0002,
    and so on."""
    current = MigrationContext.configure(connection).get_current_heads()
    own = _own_revision()
    if current == (own,):
        return Schema.SAME
    if len(current) != 1 or not current[0].isdigit() or len(current[0]) != len(own):
        return Schema.OTHER
    return Schema.OLDER if current[0] < own else Schema.NEWER


@functools.cache
def _own_revision() -> str:
    """The newest migration that came with this code."""
    (head,) = ScriptDirectory.from_config(_config()).get_heads()
    return head


def _config() -> Config:
    return Config(toml_file=ROOT / "pyproject.toml")
