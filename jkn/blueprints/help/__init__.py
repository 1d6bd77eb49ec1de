"""Bantuan: how each journey works, and the Care Center."""

from jkn.blueprints.help.routes import blueprint

__all__ = ["blueprint"]
