"""What makes the web app installable and useful without a network."""

from jkn.blueprints.pwa.routes import blueprint

__all__ = ["blueprint"]
