"""Ends at once everything that leads to an account or is open in it. This is the one place that
knows all of it, and the order in which its rows are locked.

The caller has locked the account. Then come its journeys, sign-in hints, ceremonies, passkeys and
sessions.
Ceremonies come before passkeys because an answer to a ceremony uses them up in that order.
"""

from jkn.models import SessionEnd
from jkn.services.audit.audit_log import Client
from jkn.services.credentials import known_devices, sign_in_hints
from jkn.services.journeys import journeys
from jkn.services.passkeys import passkey_ceremonies, passkey_devices
from jkn.services.sessions import sessions

# One of the passkeys may be a stranger's.
_TAKES_KEYS = {SessionEnd.FREEZE}


def end_all(
    account_id: int, how: SessionEnd, client: Client, *, but_known: str | None = None
) -> None:
    """End every journey, ceremony and session of this account, in the transaction under way.
    `but_known`: the token of the browser that stays known; None: no browser does."""
    journeys.end_all(account_id)
    sign_in_hints.forget(account_id)
    passkey_ceremonies.cancel_all(account_id)
    if how in _TAKES_KEYS:
        passkey_devices.remove_all(account_id, client)
    sessions.end_all(account_id, how, client)
    known_devices.forget_all(account_id, but=but_known)
