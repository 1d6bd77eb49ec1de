"""Keluar: ending the session after a confirmation."""

from jkn.blueprints.sign_out.routes import blueprint

__all__ = ["blueprint"]
