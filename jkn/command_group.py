"""Groups of commands that need the tables of the database."""

import functools
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import click
from flask import current_app
from flask.cli import AppGroup

from jkn.database_version import Schema, schema_of

P = ParamSpec("P")
R = TypeVar("R")


class DatabaseGroup(AppGroup):
    """Each of its commands `needs_tables`."""

    # Incompatible with click as the method of AppGroup is: it cannot be used without brackets.
    def command(  # type: ignore[override]
        self, *args: Any, **kwargs: Any
    ) -> Callable[[Callable[..., Any]], click.Command]:
        decorate = super().command(*args, **kwargs)
        return lambda command: decorate(needs_tables(command))


def needs_tables(command: Callable[P, R]) -> Callable[P, R]:
    """Decorate a command: where the database is empty, or an older release's, it ends with a
    sentence. One that a newer release migrated already will do, as it does for the servers."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with current_app.extensions["engine"].connect() as connection:
            schema = schema_of(connection)
        if schema not in (Schema.SAME, Schema.NEWER):
            raise click.ClickException(
                "The database is not at this version's migrations: run `flask prepare` first."
            )
        return command(*args, **kwargs)

    return run
