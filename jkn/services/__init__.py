"""The rules, one task of the user a file. Nothing here knows of the web."""

from jkn.gateways.population_registry_http import registry_of
from jkn.services.access import identity_check
from jkn.services.audit import audit_seals
from jkn.services.credentials import (
    captcha,
    captcha_work,
    code_sendings,
    password_policy,
    passwords,
)
from jkn.services.messaging import messages
from jkn.services.operations import health
from jkn.services.passkeys import webauthn
from jkn.settings import Settings


def configure(settings: Settings) -> None:
    """Hand the services the secrets of this process. Call once, before any of them is used."""
    # Half the threads stay free for pages that need no password.
    passwords.configure(
        settings.pepper,
        places=max(1, settings.web_threads // 2),
        is_cheap=settings.argon2_cost == "cheapest",
    )
    audit_seals.configure(settings.pepper)
    webauthn.configure(settings.passkey_domain, settings.passkey_addresses)
    password_policy.configure(settings.password_min_length)
    secret_keys = [settings.secret_key, *settings.secret_key_fallbacks]
    captcha.configure(secret_keys, settings.captcha)
    captcha_work.configure(secret_keys, settings.captcha_work)
    messages.configure(settings.base_url, settings.address, settings.host_name)
    code_sendings.configure(settings.codes_an_hour)
    health.configure(settings.run_dir)
    identity_check.configure(registry_of(settings), settings.lookups_an_hour)
