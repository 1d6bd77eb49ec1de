"""The live piece of every form that asks for a captcha."""

from jkn.blueprints.captcha.routes import blueprint

__all__ = ["blueprint"]
