"""The application's own commands, run inside a test."""

from collections.abc import Callable

from click.testing import Result
from flask import Flask

Flasks = Callable[..., Result]


def run_in(app: Flask, *words: str) -> Result:
    """Run `flask …` like the installed command; returns its output and exit code."""
    with app.app_context():
        result = app.test_cli_runner().invoke(args=list(words))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result
