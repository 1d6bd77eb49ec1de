"""The fingerprint of a person who is signed in already: it begins a step-up in place of the PIN, or
is a recent authentication in place of the password (product.md 3.3; security.md R49)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from jkn.database import transactional
from jkn.models import Ceremony, EventKind, SignInSession
from jkn.services.audit import audit_log
from jkn.services.audit.audit_log import Client
from jkn.services.basics import clock
from jkn.services.passkeys import passkey_ceremonies, passkey_devices, webauthn
from jkn.services.passkeys.passkey_ceremonies import CeremonyRefusal, ProvedKey, holder_of_session
from jkn.services.passkeys.passkey_types import AuthenticatorResponse
from jkn.services.sessions import sessions, step_up
from jkn.services.sessions.sessions import RotatedToken

# What each ceremony sets in the session, and the event that is logged.
_GIVES: dict[Ceremony, tuple[Callable[[], dict[str, datetime]], EventKind]] = {
    Ceremony.UNLOCK: (
        lambda: {"unlocked_until": clock.now() + step_up.LIFE},
        EventKind.SENSITIVE_UNLOCKED,
    ),
    Ceremony.CONFIRM: (
        lambda: {"confirmed_at": clock.now()},
        EventKind.AUTHN_PASSKEY_CONFIRMED,
    ),
}


def is_possible(record: SignInSession, device_token: str | None) -> bool:
    """Whether this phone has a passkey of the account. On other phones the browser's dialog would
    lead nowhere."""
    return passkey_devices.id_here(record.account_id, device_token) is not None


def options(
    record: SignInSession, ceremony: Ceremony, device_token: str | None
) -> dict[str, Any] | None:
    """What the phone is asked for: the account's passkey on this phone. None: it has none."""
    here = passkey_devices.id_here(record.account_id, device_token)
    if here is None:
        return None
    allowed = passkey_devices.known(record.account_id, here)
    holder = holder_of_session(record.id)
    challenge = passkey_ceremonies.begin(ceremony, holder, record.account_id)
    return webauthn.request_options(challenge, allowed)


def verify(
    record: SignInSession, ceremony: Ceremony, text: str, client: Client
) -> RotatedToken | CeremonyRefusal:
    """Judge what the phone signed, and begin the step-up or note the recent authentication."""
    answer = webauthn.read_assertion(text)
    if answer is None:
        return passkey_ceremonies.refuse_unread(client, record.account_id)
    here = passkey_devices.id_here(record.account_id, client.device_token)
    # Without a passkey here none was asked for: no passkey has the id 0.
    return _prove(answer, ceremony, record.id, record.account_id, here or 0, client)


@transactional
def _prove(
    answer: AuthenticatorResponse,
    ceremony: Ceremony,
    session_id: int,
    account_id: int,
    only: int,
    client: Client,
) -> RotatedToken | CeremonyRefusal:
    holder = holder_of_session(session_id)
    proved = passkey_ceremonies.judge(
        ceremony, answer, holder, client, only=only, account_id=account_id
    )
    if not isinstance(proved, ProvedKey):
        return proved
    if not passkey_ceremonies.take_up(proved, client):
        return CeremonyRefusal.NO_MATCH
    gives, event = _GIVES[ceremony]
    rotated = sessions.rotate_token(
        session_id, client.sent, passkey_id=proved.passkey_id, **gives()
    )
    if rotated is None:
        passkey_ceremonies.log_refused(client, account_id)
        return CeremonyRefusal.EXPIRED
    audit_log.log(event, client, account_id=proved.account_id, session_id=session_id)
    return rotated
