"""The application's own commands, run inside a test."""

from collections.abc import Callable

from click.testing import Result
from flask import Flask

Flasks = Callable[..., Result]


def run_in(app: Flask, *words: str) -> Result:
    """What `flask …` prints and how it ends, as the installed command would run it."""
    with app.app_context():
        result = app.test_cli_runner().invoke(args=list(words))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result
