"""Perangkat & sesi: where the account is open now."""

from jkn.blueprints.devices.routes import blueprint

__all__ = ["blueprint"]
