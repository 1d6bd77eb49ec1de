"""Daftar: the ways to an account."""

from jkn.blueprints.registration import doors, routes
from jkn.blueprints.registration.flow import blueprint

__all__ = ["blueprint", "doors", "routes"]
