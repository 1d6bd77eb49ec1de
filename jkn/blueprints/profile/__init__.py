"""Profil: where a person is in charge of their own account."""

from jkn.blueprints.profile.routes import blueprint

__all__ = ["blueprint"]
