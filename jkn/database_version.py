"""The schema's version: migrate to the newest, or say whether that was done."""

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from jkn.settings import ROOT


def migrate(engine: Engine) -> None:
    """Bring the schema to the newest version; nothing to do is fine."""
    config = _config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_up_to_date(engine: Engine) -> bool:
    """Whether this code and the database speak of the same schema."""
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_heads()
    return set(current) == set(ScriptDirectory.from_config(_config()).get_heads())


def _config() -> Config:
    return Config(toml_file=ROOT / "pyproject.toml")
