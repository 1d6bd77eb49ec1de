"""Figures for monitoring."""

from jkn.blueprints.metrics.routes import blueprint

__all__ = ["blueprint"]
