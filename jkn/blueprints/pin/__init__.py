"""PIN: Buat PIN, Ubah PIN, Lupa PIN, and the page that asks for it."""

from jkn.blueprints.pin.routes import blueprint

__all__ = ["blueprint"]
