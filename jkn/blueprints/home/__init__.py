"""Beranda: the first page after signing in."""

from jkn.blueprints.home.routes import blueprint

__all__ = ["blueprint"]
