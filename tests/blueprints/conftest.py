"""What several flows need of the application."""

import pytest
from flask import Flask, abort

from jkn.web.access import public


@pytest.fixture
def with_failures(own_app: Flask) -> Flask:
    """Routes that fail, beside the real ones."""

    @own_app.get("/forced-<int:code>")
    @public
    def forced(code: int) -> str:
        if code == 500:
            raise RuntimeError("3276051703840001 bocor")
        abort(code)

    return own_app
