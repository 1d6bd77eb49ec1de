"""Login dengan Biometrik: on, off, the list of phones, and the offer."""

from jkn.blueprints.passkeys.routes import blueprint

__all__ = ["blueprint"]
