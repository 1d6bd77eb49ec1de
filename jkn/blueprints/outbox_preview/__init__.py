"""Kotak keluar: development only."""

from jkn.blueprints.outbox_preview.routes import blueprint

__all__ = ["blueprint"]
