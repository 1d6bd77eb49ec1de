"""The first page, before anybody signed in."""

from jkn.blueprints.landing.routes import blueprint

__all__ = ["blueprint"]
