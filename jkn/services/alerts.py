"""What somebody is told on every channel at once, because it may have been somebody else
(security.md R26, R27). Each warning carries a *Bukan saya* link that freezes the account."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from jkn.database import session
from jkn.models import Account, Channel, Disavowal
from jkn.services import clock, messages, outbox

LINK_LIFE = timedelta(days=7)
_TOKEN_BYTES = 16


class Alert(StrEnum):
    """What happened."""

    ANSWERS_RIGHT = "answers_right"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105  a word, no password
    FROZEN = "frozen"
    UNFROZEN = "unfrozen"


@dataclass(frozen=True)
class _Words:
    """`has_link`: it can be undone by saying *Bukan saya*."""

    sms: str
    email: str
    has_link: bool


_WORDS = {
    Alert.ANSWERS_RIGHT: _Words(
        "messages/sms/answers_right.txt", "messages/email/answers_right.txt", has_link=True
    ),
    Alert.PASSWORD_CHANGED: _Words(
        "messages/sms/password_changed.txt", "messages/email/password_changed.txt", has_link=True
    ),
    Alert.FROZEN: _Words("messages/sms/frozen.txt", "messages/email/frozen.txt", has_link=False),
    Alert.UNFROZEN: _Words(
        "messages/sms/unfrozen.txt", "messages/email/unfrozen.txt", has_link=True
    ),
}


def send(account: Account, alert: Alert) -> None:
    """Write it to every channel that the account has, in the transaction under way."""
    words, now = _WORDS[alert], clock.now()
    values: dict[str, object] = {"now": now}
    if words.has_link:
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        values["token"] = token
        session.add(
            Disavowal(token_digest=digest(token), account_id=account.id, expires_at=now + LINK_LIFE)
        )
    if account.phone:
        outbox.write(Channel.SMS, alert, messages.sms(words.sms, account.phone, **values))
    if account.email:
        outbox.write(Channel.EMAIL, alert, messages.email(words.email, account.email, **values))


def digest(token: str) -> bytes:
    """What is kept of a link's token."""
    return hashlib.sha256(token.encode(errors="replace")).digest()
