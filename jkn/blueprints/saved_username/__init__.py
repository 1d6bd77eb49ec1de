"""Simpan Data Username: whom the sign-in page of this phone shows by itself."""

from jkn.blueprints.saved_username.routes import blueprint

__all__ = ["blueprint"]
