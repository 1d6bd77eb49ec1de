"""The schema's version: migrate to the newest, or say whether that was done."""

import functools
from enum import StrEnum

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from jkn.settings import ROOT


class Schema(StrEnum):
    """The schema of the database, seen from this code. OTHER: none, or not one of ours."""

    SAME = "same"
    OLDER = "older"
    NEWER = "newer"
    OTHER = "other"


def migrate(engine: Engine) -> None:
    """Bring the schema to the newest version; nothing to do is fine."""
    config = _config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_up_to_date(engine: Engine) -> bool:
    """Whether this code and the database speak of the same schema."""
    with engine.connect() as connection:
        return schema_of(connection) is Schema.SAME


def schema_of(connection: Connection) -> Schema:
    """How far the migrations of this database have come. They are numbered: 0001, 0002, …"""
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
