"""Masuk: signing in with a number and a password."""

from jkn.blueprints.sign_in.routes import blueprint

__all__ = ["blueprint"]
