"""Syarat & ketentuan: what everybody with an account agreed to."""

from jkn.blueprints.terms.routes import blueprint

__all__ = ["blueprint"]
