"""How the app looks on this phone."""

from jkn.blueprints.display.routes import blueprint

__all__ = ["blueprint"]
