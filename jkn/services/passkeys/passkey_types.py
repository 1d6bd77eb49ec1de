"""Types that `passkey_ceremonies` and `webauthn` hand to each other."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class AuthenticatorResponse:
    """What a phone sent, read but not judged yet. `is_of_this_phone`: the browser says that its own
    device signed, and not another one beside it. `fields`: as the library wants them."""

    credential_id: bytes
    challenge: bytes
    user_handle: bytes | None
    is_of_this_phone: bool
    fields: dict[str, Any]


@dataclass(frozen=True)
class CredentialRecord:
    """What is known of a passkey, and needed to judge an answer."""

    public_key: bytes
    sign_count: int
    is_backup_eligible: bool
    user_handle: bytes | None


@dataclass(frozen=True)
class VerifiedAssertion:
    """What a genuine answer says: the new counter, and whether the key is backed up."""

    sign_count: int
    is_backed_up: bool


@dataclass(frozen=True)
class NewCredential:
    """A passkey that a phone has just made. `transports`: how browsers reach it."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    is_backup_eligible: bool
    is_backed_up: bool
    aaguid: str
    transports: tuple[str, ...]


@dataclass(frozen=True)
class KnownCredential:
    """A passkey as the options name it."""

    credential_id: bytes
    transports: tuple[str, ...]
