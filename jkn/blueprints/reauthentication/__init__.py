"""Konfirmasi: the password once more, before what is hard to undo."""

from jkn.blueprints.reauthentication.routes import blueprint

__all__ = ["blueprint"]
