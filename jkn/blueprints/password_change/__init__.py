"""Ubah Kata Sandi: the old one, a new one, and everybody signs in again."""

from jkn.blueprints.password_change.routes import blueprint

__all__ = ["blueprint"]
