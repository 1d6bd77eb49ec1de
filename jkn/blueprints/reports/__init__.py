"""What browsers report on their own."""

from jkn.blueprints.reports.routes import blueprint

__all__ = ["blueprint"]
