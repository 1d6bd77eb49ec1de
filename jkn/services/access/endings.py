"""Everything that leads to an account, or is open in it, ended at once: the one place that knows
all of it, and in which order rows are locked.

Whoever calls this has locked the account. Then come its journeys, what its phones were asked to
sign, their keys, and its sessions: whoever answers for a phone uses up the question before the key.
"""

from jkn.models import SessionEnd
from jkn.services.audit.audit_log import Client
from jkn.services.credentials import known_devices
from jkn.services.journeys import journeys
from jkn.services.passkeys import passkey_ceremonies, passkey_devices
from jkn.services.sessions import sessions

# A key of a stranger may be among the owner's.
_TAKES_KEYS = {SessionEnd.FREEZE}


def end_all(
    account_id: int, how: SessionEnd, client: Client, *, but_known: str | None = None
) -> None:
    """Whoever is under way to this account, or in it, begins anew, in the transaction under way.
    `but_known`: the token of the browser that stays known."""
    journeys.end_all(account_id)
    passkey_ceremonies.cancel_all(account_id)
    if how in _TAKES_KEYS:
        passkey_devices.remove_all(account_id, client)
    sessions.end_all(account_id, how, client)
    known_devices.forget_all(account_id, but=but_known)
