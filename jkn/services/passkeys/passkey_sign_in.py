"""Signing in with a fingerprint, a face or the phone's own lock: no number, no password, no
captcha (product.md 3.2). The backoff of passwords does not apply to it (security.md R06)."""

from typing import Any

from jkn.database import transactional
from jkn.models import Ceremony, EventKind, RecoveryAttempt
from jkn.services.audit.audit_log import Client
from jkn.services.basics import metrics
from jkn.services.basics.metrics import MetricName
from jkn.services.credentials import known_devices
from jkn.services.journeys import journeys
from jkn.services.passkeys import passkey_ceremonies, passkey_devices, webauthn
from jkn.services.passkeys.passkey_ceremonies import CeremonyRefusal, ProvedKey, holder_of_browser
from jkn.services.passkeys.passkey_types import AuthenticatorResponse
from jkn.services.sessions import sessions
from jkn.services.sessions.sessions import SignedIn


def options(browser: str) -> dict[str, Any]:
    """What the phone is asked for: any of its passkeys, which its owner picks."""
    challenge = passkey_ceremonies.begin(Ceremony.SIGN_IN, holder_of_browser(browser))
    return webauthn.request_options(challenge)


def sign_in(text: str, browser: str, client: Client) -> SignedIn | CeremonyRefusal:
    """A new session, or why there is none."""
    answer = webauthn.read_assertion(text)
    outcome: SignedIn | CeremonyRefusal
    if answer is None:
        outcome = passkey_ceremonies.refuse_unread(client)
    else:
        outcome = _sign_in(answer, browser, client)
    metrics.count(MetricName.SIGN_INS, f"passkey_{_in_a_word(outcome)}")
    return outcome


def unknown_key(text: str, outcome: SignedIn | CeremonyRefusal) -> str | None:
    """The credential id, as browsers write it, that the phone may forget, because no account has it
    any more. None after any other outcome: what a phone forgets cannot be brought back."""
    answer = webauthn.read_assertion(text) if outcome is CeremonyRefusal.UNKNOWN else None
    return None if answer is None else webauthn.as_text(answer.credential_id)


def _in_a_word(outcome: SignedIn | CeremonyRefusal) -> str:
    return outcome.value if isinstance(outcome, CeremonyRefusal) else "signed_in"


@transactional
def _sign_in(
    answer: AuthenticatorResponse, browser: str, client: Client
) -> SignedIn | CeremonyRefusal:
    holder = holder_of_browser(browser)
    proved = passkey_ceremonies.judge(Ceremony.SIGN_IN, answer, holder, client)
    if not isinstance(proved, ProvedKey):
        return proved
    # Locks the account: a recovery, a freeze or a removal at the same moment comes before or after
    # all of this.
    account = passkey_ceremonies.hold(proved.account_id)
    journeys.end_all(proved.account_id, RecoveryAttempt)
    if account and account.recovered_at and account.recovered_at > proved.asked_at:
        passkey_ceremonies.log_refused(client, account.id)
        return CeremonyRefusal.EXPIRED
    if account is None:
        passkey_ceremonies.log_refused(client, proved.account_id)
        return CeremonyRefusal.NO_MATCH
    if not passkey_ceremonies.take_up(proved, client):
        return CeremonyRefusal.NO_MATCH
    device_token = known_devices.remember(account, client)
    by = EventKind.AUTHN_PASSKEY_SUCCESS
    session_token = sessions.open_session(
        account, client, device_token, by=by, passkey_id=proved.passkey_id
    )
    signed_in = SignedIn(session_token, device_token)
    # Not where the person used their phone to sign in on another device.
    if answer.is_of_this_phone:
        passkey_devices.note_use(signed_in.device_token, account.id, proved.passkey_id)
    return signed_in
