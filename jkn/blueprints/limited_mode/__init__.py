"""Limited mode: what is closed, and the code that opens it."""

from jkn.blueprints.limited_mode.routes import blueprint

__all__ = ["blueprint"]
