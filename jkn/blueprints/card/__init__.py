"""Kartu: the membership cards of the family."""

from jkn.blueprints.card.routes import blueprint

__all__ = ["blueprint"]
