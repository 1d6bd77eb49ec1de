"""Lainnya: what is needed less often, and the way out."""

from jkn.blueprints.more.routes import blueprint

__all__ = ["blueprint"]
