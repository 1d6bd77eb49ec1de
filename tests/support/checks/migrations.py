"""The migrations lead to exactly the schema that the models describe."""

import tempfile
from pathlib import Path

from alembic import command
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError

from tests.support.world.databases import alembic_on, migrate


def findings() -> list[str]:
    """Differences between models and schema after migrating an empty SQLite database."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'check.sqlite3'}"
        migrate(url)
        return differences(url)


def differences(url: str) -> list[str]:
    """What `alembic check` finds on a migrated database, and whether there is one head."""
    with alembic_on(url) as config:
        heads = ScriptDirectory.from_config(config).get_heads()
        found = [f"there are several heads: {', '.join(heads)}"] if len(heads) != 1 else []
        try:
            command.check(config)
        except CommandError as error:
            found.append(str(error))
    return found
