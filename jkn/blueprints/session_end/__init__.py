"""The end of a session: told in time, and put off by one tap."""

from jkn.blueprints.session_end.routes import blueprint

__all__ = ["blueprint"]
