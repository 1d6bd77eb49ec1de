"""Runs the migrations, on the database that the settings name or on a connection that the caller
hands in."""

from typing import Any

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection

import jkn.models  # noqa: F401  registers every table
from jkn.database import Base, EncryptedText, EnumText, Id, UtcDateTime, connect
from jkn.settings import load_settings


def render_plain(kind: str, item: Any, _context: AutogenContext) -> str | bool:
    """Write plain types into migrations, which must still run when the models have changed."""
    if kind != "type":
        return False
    if isinstance(item, EncryptedText):
        return "sa.LargeBinary()"
    if isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, EnumText):
        return "sa.String(length=40)"
    if item is Id:
        return "Id"
    return False


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_item=render_plain,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        # A migration that stops half-way leaves nothing behind, also on SQLite.
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


handed_in = context.config.attributes.get("connection")
if handed_in is not None:
    run(handed_in)
else:
    with connect(load_settings()).connect() as own:
        run(own)
        own.commit()
