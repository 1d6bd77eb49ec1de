"""The rules, one task of the user a file. Nothing here knows of the web."""

from jkn.services import captcha, passwords
from jkn.settings import Settings


def configure(settings: Settings) -> None:
    """Hand the services the secrets of this process. Call once, before any of them is used."""
    passwords.configure(settings.pepper)
    captcha.configure([settings.secret_key, *settings.secret_key_fallbacks], settings.captcha)
