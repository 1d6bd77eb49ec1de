"""Signing in with a fingerprint, a face or the phone's own lock: no number, no password, no
captcha (product.md 3.2). Waits and closed passwords do not touch it (security.md R06)."""

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
    """What to ask the phone for: whichever of its keys its owner picks."""
    challenge = passkey_ceremonies.begin(Ceremony.SIGN_IN, holder_of_browser(browser))
    return webauthn.request_options(challenge)


def sign_in(
    text: str, browser: str, client: Client, device_token: str | None = None
) -> SignedIn | CeremonyRefusal:
    """A new session, or why there is none."""
    answer = webauthn.read_assertion(text)
    outcome: SignedIn | CeremonyRefusal = CeremonyRefusal.UNREADABLE
    if answer is not None:
        outcome = _sign_in(answer, browser, client, device_token)
    metrics.count(MetricName.SIGN_INS, f"passkey_{_in_a_word(outcome)}")
    return outcome


def unknown_key(text: str, outcome: SignedIn | CeremonyRefusal) -> str | None:
    """The credential id, as browsers write it, that the phone may as well forget: nobody has it any
    more. None for whatever else went wrong, since a phone that forgets cannot be undone."""
    answer = webauthn.read_assertion(text) if outcome is CeremonyRefusal.UNKNOWN else None
    return None if answer is None else webauthn.as_text(answer.credential_id)


def _in_a_word(outcome: SignedIn | CeremonyRefusal) -> str:
    return outcome.value if isinstance(outcome, CeremonyRefusal) else "signed_in"


@transactional
def _sign_in(
    answer: AuthenticatorResponse, browser: str, client: Client, device_token: str | None
) -> SignedIn | CeremonyRefusal:
    holder = holder_of_browser(browser)
    proved = passkey_ceremonies.judge(Ceremony.SIGN_IN, answer, holder, client)
    if not isinstance(proved, ProvedKey):
        return proved
    # A recovery, a freeze or a removal of the same moment comes either before or after all of
    # this.
    account = passkey_ceremonies.hold(proved.account_id)
    journeys.end_all(proved.account_id, RecoveryAttempt)
    if account and account.recovered_at and account.recovered_at > proved.asked_at:
        passkey_ceremonies.record_refused(client, account.id)
        return CeremonyRefusal.EXPIRED
    if account is None or not passkey_ceremonies.take_up(proved, client):
        return CeremonyRefusal.NO_MATCH
    signed_in = SignedIn(
        session_token=sessions.open_session(account, client, by=EventKind.AUTHN_PASSKEY_SUCCESS),
        device_token=known_devices.remember(device_token, account, client),
    )
    # Not where somebody held their phone beside a computer of others.
    if answer.is_of_this_phone:
        passkey_devices.note_use(signed_in.device_token, account.id, proved.passkey_id)
    return signed_in
