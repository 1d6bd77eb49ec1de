"""Lupa Kata Sandi: a way back in."""

from jkn.blueprints.recovery.routes import blueprint

__all__ = ["blueprint"]
