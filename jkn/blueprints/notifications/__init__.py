"""Notifikasi: what happened to the account, newest first."""

from jkn.blueprints.notifications.routes import blueprint

__all__ = ["blueprint"]
