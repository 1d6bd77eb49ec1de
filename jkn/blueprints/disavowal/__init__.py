"""Bukan saya: closing an account that somebody else got into."""

from jkn.blueprints.disavowal.routes import blueprint

__all__ = ["blueprint"]
