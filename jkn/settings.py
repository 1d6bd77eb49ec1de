"""Every setting of the application, read once from the environment (prefix ``JKN_``).

Development needs none of them. Production refuses to start when something is unsafe, and names the
setting, never its value. `docs/operating.md` explains each setting for operators.
"""

import os
import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, PlainValidator, ValidationError, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy import make_url

from jkn.keys import decode_data_key, development_keys, is_random, is_strong
from jkn.service_url import ServiceUrl, read_registry_url, read_sms_url, read_smtp_url

ROOT = Path(__file__).resolve().parent.parent
INSTANCE = ROOT / "instance"

_LEAST_CAPTCHA_WORK = 250
# As PostgreSQL reads it: off, or any of its other words for it, to the first letter.
_UNWRITTEN = re.compile(r"(?:synchronous_commit|fsync)\s*=\s*'?(?:of|f|n|0)", re.IGNORECASE)
# With a longer host, the text of a code would not fit one SMS.
_LONGEST_HOST = 40
# One address and nothing else: no second one, no line break, no display name (RFC 5321, 4.1.2).
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_DOMAIN = r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*"
MAIL_ADDRESS = re.compile(rf"(?=.{{3,254}}\Z){_ATOM}(\.{_ATOM})*@{_DOMAIN}")
SmsUrl = Annotated[ServiceUrl, PlainValidator(read_sms_url)]
SmtpUrl = Annotated[ServiceUrl | None, PlainValidator(lambda it: read_smtp_url(it) if it else None)]
RegistryUrl = Annotated[
    ServiceUrl | None, PlainValidator(lambda it: read_registry_url(it) if it else None)
]
_HTTPS = 443
_IS_DOMAIN = re.compile(r"([A-Za-z0-9-]+\.)+[A-Za-z]+[A-Za-z0-9-]*")
_PLAIN_BASE_URL = re.compile(r"https?://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?/?")


class UnsafeSettings(Exception):
    """Settings that cannot be used: malformed, or, in production, a risk to people."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("Refused to start:\n" + "\n".join(f"  - {line}" for line in problems))
        self.problems = problems


class Settings(BaseSettings):
    """One value per setting; lists are written comma separated."""

    # Validation errors must not print the value, which may be a secret.
    model_config = SettingsConfigDict(
        env_prefix="JKN_",
        frozen=True,
        extra="ignore",
        hide_input_in_errors=True,
        populate_by_name=True,
    )

    env: Literal["development", "test", "production"] = "development"
    database_url: str = Field(default=f"sqlite:///{INSTANCE / 'jkn.sqlite3'}", repr=False)
    redis_url: str | None = Field(default=None, repr=False)
    sms_url: Annotated[tuple[SmsUrl, ...], NoDecode] = ()
    smtp_url: SmtpUrl = None
    mail_from: str = ""
    codes_an_hour: int = Field(default=20_000, ge=10)
    registry_url: RegistryUrl = None
    lookups_an_hour: int = Field(default=5_000, ge=10)
    secret_key: str = Field(default="", repr=False)
    secret_key_fallbacks: Annotated[tuple[str, ...], NoDecode] = Field(default=(), repr=False)
    pepper: str = Field(default="", repr=False)
    argon2_cost: Literal["safe", "cheapest"] = "safe"
    password_min_length: int = Field(default=8, ge=8, le=64)
    data_key: Annotated[tuple[str, ...], NoDecode] = Field(default=(), repr=False)
    base_url: str = ""
    passkey_rp_id: str = ""
    passkey_origins: Annotated[tuple[str, ...], NoDecode] = ()
    trusted_hosts: Annotated[tuple[str, ...], NoDecode] = ()
    proxy_hops: int | None = Field(default=None, ge=0, le=5)
    host: str = Field(default="127.0.0.1", validation_alias="HOST")
    port: int = Field(default=8000, validation_alias="PORT", ge=1, le=65535)
    web_processes: int = Field(default=1, ge=1, le=64)
    web_threads: int = Field(default=16, ge=1, le=64)
    worker_beside: bool = True
    worker_threads: int = Field(default=4, ge=1, le=64)
    captcha: Literal["picture", "fixed"] = "picture"
    captcha_work: int = Field(default=400, ge=1, le=100_000)
    rules_dir: Path = ROOT / "jkn" / "rules"
    assets_dir: Path = INSTANCE / "assets"
    metrics_token: str = ""
    run_dir: Path | None = None
    leave_seconds: int = Field(default=0, ge=0, le=60)
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @field_validator(
        "secret_key_fallbacks",
        "data_key",
        "passkey_origins",
        "trusted_hosts",
        "sms_url",
        mode="before",
    )
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("base_url")
    @classmethod
    def _plain_base_url(cls, value: str) -> str:
        if value and not _PLAIN_BASE_URL.fullmatch(value):
            raise ValueError("must look like https://jkn.example, without a path")
        return value.rstrip("/")

    @field_validator("data_key")
    @classmethod
    def _readable_keys(cls, keys: tuple[str, ...]) -> tuple[str, ...]:
        for key in keys:
            decode_data_key(key)
        return keys

    @field_validator("mail_from")
    @classmethod
    def _plain_mail_address(cls, value: str) -> str:
        if value and not MAIL_ADDRESS.fullmatch(value):
            raise ValueError("must look like name@jkn.example")
        return value

    @property
    def is_production(self) -> bool:
        """True where people's real data are at stake."""
        return self.env == "production"

    @property
    def is_secure(self) -> bool:
        """True when browsers reach the app over TLS; decides the cookies' names and flags."""
        return self.base_url.startswith("https://")

    @property
    def secret_keys(self) -> tuple[str, ...]:
        """The secret key in use, and then the earlier ones, which are only read with."""
        return (self.secret_key, *self.secret_key_fallbacks)

    @property
    def address(self) -> str:
        """The host (and port) that people should trust, as shown in notices."""
        return urlsplit(self.base_url).netloc

    @property
    def host_name(self) -> str:
        """The host without its port: what a phone compares before it fills a code in."""
        return urlsplit(self.base_url).hostname or ""

    @property
    def passkey_domain(self) -> str:
        """The domain that passkeys belong to. If it changes, all passkeys are lost."""
        return self.passkey_rp_id or self.host_name

    @property
    def passkey_addresses(self) -> tuple[str, ...]:
        """The origins where passkeys may be used, as browsers write them."""
        return tuple(it.lower() for it in (self.base_url, *self.passkey_origins))

    def _is_within_passkey_domain(self, address: str) -> bool:
        url = urlsplit(address)
        host, domain = url.hostname or "", self.passkey_domain
        is_within = host == domain or host.endswith(f".{domain}")
        # Written as browsers do, without a path and without the usual port. A passkey's domain can
        # be neither a single word nor an IP address.
        is_written_so = address.lower() == f"https://{url.netloc.lower()}" and url.port != _HTTPS
        return is_within and is_written_so and _IS_DOMAIN.fullmatch(domain) is not None

    def _trusts_itself(self) -> bool:
        own = self.host_name
        return any(
            own == host or (host.startswith(".") and own.endswith(host))
            for host in self.trusted_hosts
        )

    def _forgets_everything(self) -> bool:
        url = make_url(self.database_url)
        in_memory = not url.database or ":memory:" in url.database or "mode" in url.query
        return url.get_backend_name() == "sqlite" and in_memory

    def _acknowledges_too_early(self) -> bool:
        """Whether the address of the database lets PostgreSQL say "done" before it has written."""
        options = make_url(self.database_url).query.get("options", "")
        text = options if isinstance(options, str) else " ".join(options)
        return bool(_UNWRITTEN.search(text))

    def problems(self) -> list[str]:
        """What makes these settings unsafe in production, one sentence each (ASVS 13.4.2)."""
        found = []
        if not is_strong(self.secret_key):
            found.append("JKN_SECRET_KEY must be set to a long random value")
        if not all(is_strong(key) for key in self.secret_key_fallbacks):
            found.append("JKN_SECRET_KEY_FALLBACKS must hold long random values only")
        if not is_strong(self.pepper):
            found.append("JKN_PEPPER must be set to a long random value")
        if not self.data_key or not all(is_random(key) for key in self.data_key):
            found.append("JKN_DATA_KEY must be set to base64 of 32 random bytes")
        if len({self.secret_key, self.pepper, *self.data_key}) < 2 + len(self.data_key):
            found.append("JKN_SECRET_KEY, JKN_PEPPER and JKN_DATA_KEY must differ")
        keys = {self.secret_key, *self.secret_key_fallbacks, self.pepper, *self.data_key}
        if self.metrics_token and (not is_strong(self.metrics_token) or self.metrics_token in keys):
            found.append("JKN_METRICS_TOKEN must be a long random value of its own, or not be set")
        if not self.is_secure:
            found.append("JKN_BASE_URL must begin with https://, or cookies travel in clear")
        if not self.trusted_hosts:
            found.append("JKN_TRUSTED_HOSTS must name the hosts that this app answers for")
        if any(host in ("*", ".") for host in self.trusted_hosts):
            found.append("JKN_TRUSTED_HOSTS must name hosts, not everything")
        elif self.trusted_hosts and self.base_url and not self._trusts_itself():
            found.append("JKN_TRUSTED_HOSTS must name the host of JKN_BASE_URL")
        if self.is_secure and not self._is_within_passkey_domain(self.base_url):
            found.append("JKN_PASSKEY_RP_ID must be the host of JKN_BASE_URL, or a domain above it")
        if not all(map(self._is_within_passkey_domain, self.passkey_origins)):
            found.append("JKN_PASSKEY_ORIGINS must be https:// addresses within JKN_PASSKEY_RP_ID")
        if self.proxy_hops is None:
            found.append("JKN_PROXY_HOPS must say how many proxies stand in front (0 for none)")
        if self._forgets_everything():
            found.append("JKN_DATABASE_URL must not live in memory: it would end with the process")
        if self._acknowledges_too_early():
            found.append("JKN_DATABASE_URL must leave synchronous_commit and fsync on")
        if len(self.host_name) > _LONGEST_HOST:
            found.append(f"JKN_BASE_URL must name a host of {_LONGEST_HOST} letters at most")
        if not self.sms_url:
            found.append("JKN_SMS_URL must name a gateway, or no SMS leaves this machine")
        elif not all(it.is_encrypted for it in self.sms_url):
            found.append("JKN_SMS_URL must name encrypted gateways only, or codes travel in clear")
        if not self.smtp_url:
            found.append("JKN_SMTP_URL must name a server, or no e-mail leaves this machine")
        elif not self.smtp_url.is_encrypted:
            found.append("JKN_SMTP_URL must begin with smtps:// or smtp+starttls://")
        if not self.mail_from:
            found.append("JKN_MAIL_FROM must be the address that e-mails come from")
        if not self.registry_url:
            found.append(
                "JKN_REGISTRY_URL must name the population registry,"
                " or the sample people are all there is"
            )
        elif not self.registry_url.is_encrypted:
            found.append("JKN_REGISTRY_URL must begin with https://")
        if self.captcha == "fixed":
            found.append("JKN_CAPTCHA=fixed is for automated tours only")
        if self.argon2_cost == "cheapest":
            found.append("JKN_ARGON2_COST=cheapest is for tests only")
        if self.captcha_work < _LEAST_CAPTCHA_WORK:
            found.append(f"JKN_CAPTCHA_WORK must be {_LEAST_CAPTCHA_WORK} or more")
        for name in ("FLASK_DEBUG", "FLASK_TESTING"):
            if os.environ.get(name, "").lower() not in ("", "0", "false", "no"):
                found.append(f"{name} must not be set")
        return found


def load_settings() -> Settings:
    """Settings of this process. Raises UnsafeSettings when they are malformed or unsafe."""
    try:
        settings = Settings()
    except ValidationError as error:
        raise UnsafeSettings([_in_words(it) for it in error.errors()]) from None
    if settings.is_production:
        if problems := settings.problems():
            raise UnsafeSettings(problems)
        return settings
    own = {
        **development_keys(INSTANCE),
        "base_url": f"http://{_reachable_name(settings.host)}:{settings.port}",
    }
    return settings.model_copy(
        update={name: value for name, value in own.items() if not getattr(settings, name)}
    )


def _in_words(error: ErrorDetails) -> str:
    """A sentence with the setting as operators write it and what is wrong with it, never its
    value."""
    name = str(error["loc"][0]) if error["loc"] else "settings"
    name = name if name.isupper() else f"JKN_{name.upper()}"
    return f"{name}: {error['msg'].removeprefix('Value error, ')}"


def _reachable_name(host: str) -> str:
    # Passkeys and cookies need a host name, not an IP address, where there is one.
    return "localhost" if host in ("127.0.0.1", "0.0.0.0", "::", "::1") else host  # noqa: S104
