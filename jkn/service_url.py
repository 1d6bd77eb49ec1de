"""The address of an outside service as operators write it, with the token or password in it.

Error messages never repeat what was written, because it holds a secret.
"""

import re
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import SplitResult, unquote, urlsplit

# Each scheme with its usual port.
_SMS = {"https": 443, "http": 80, "zenziva+https": 443, "zenziva+http": 80}
_SMTP = {"smtps": 465, "smtp+starttls": 587, "smtp": 25}
_REGISTRY = {"https": 443, "http": 80}
_IN_CLEAR = {"http", "zenziva+http", "smtp"}
_HOST = re.compile(r"[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*")


@dataclass(frozen=True)
class ServiceUrl:
    """`target`: path and query, which hold a key at some gateways. `user`, `password`: empty where
    none was written; a token is a user without a password."""

    scheme: str
    host: str
    port: int
    target: str = field(repr=False)
    user: str = field(repr=False)
    password: str = field(repr=False)

    @property
    def is_encrypted(self) -> bool:
        """False for a connection in clear, which is allowed only to services on this machine."""
        return self.scheme not in _IN_CLEAR


def read_sms_url(written: str) -> ServiceUrl:
    """`https://TOKEN@host/path` or `zenziva+https://userkey:passkey@host/path`.

    Raises ValueError for anything else, and for one in clear that leaves this machine.
    """
    url = _parsed(written, _SMS)
    has_credentials = url is not None and bool(url.user)
    if url is None or not has_credentials or bool(url.password) != ("zenziva" in url.scheme):
        raise ValueError(
            "must look like https://TOKEN@host/path or zenziva+https://userkey:passkey@host/path"
        )
    return _kept_private(url)


def read_smtp_url(written: str) -> ServiceUrl:
    """`smtps://user:password@host:465` or `smtp+starttls://user:password@host:587`; without the
    login where the server asks for none. Raises ValueError like `read_sms_url`."""
    url = _parsed(written, _SMTP)
    if url is None or bool(url.user) != bool(url.password) or url.target not in ("", "/"):
        raise ValueError(
            "must look like smtps://user:password@host:465"
            " or smtp+starttls://user:password@host:587"
        )
    return _kept_private(url)


def read_registry_url(written: str) -> ServiceUrl:
    """`https://user:password@host/base`; the names of the calls are put behind the base. Raises
    ValueError like `read_sms_url`."""
    url = _parsed(written, _REGISTRY)
    if url is None or not (url.user and url.password) or "?" in url.target:
        raise ValueError("must look like https://user:password@host/base")
    return _kept_private(url)


def _parsed(written: str, ports: dict[str, int]) -> ServiceUrl | None:
    # Checked first, because the parser drops line breaks without an error.
    if not written.isascii() or not written.isprintable() or " " in written:
        return None
    try:
        parts = urlsplit(written)
        port = parts.port
        host = parts.hostname or ""
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
    except ValueError:
        return None
    is_whole = (_HOST.fullmatch(host) or _is_ip_address(host)) and not parts.fragment
    # Both go into headers and commands, where a line break would begin the next one.
    is_clean = all(it.isascii() and it.isprintable() for it in (user, password))
    if parts.scheme not in ports or port == 0 or not is_whole or not is_clean:
        return None
    return ServiceUrl(
        parts.scheme, host, port or ports[parts.scheme], _target(parts), user, password
    )


def _target(parts: SplitResult) -> str:
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _kept_private(url: ServiceUrl) -> ServiceUrl:
    is_near = url.host == "localhost" or (
        _is_ip_address(url.host) and ip_address(url.host).is_loopback
    )
    if not url.is_encrypted and not is_near:
        raise ValueError("must be encrypted, except for a service on this machine")
    return url


def _is_ip_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
