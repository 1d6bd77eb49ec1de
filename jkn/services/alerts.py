"""What somebody is told on every channel at once, because it may have been somebody else
(security.md R26, R27). Each warning carries a *Bukan saya* link that freezes the account."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from jkn.database import session
from jkn.models import Account, Channel, Disavowal
from jkn.services import account_channels, clock, messages, outbox
from jkn.services.tokens import digest, new_token

LINK_LIFE = timedelta(days=7)


class Alert(StrEnum):
    """What happened."""

    ANSWERS_RIGHT = "answers_right"
    REGISTERED = "registered"
    REGISTERED_AGAIN = "registered_again"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105  a word, no password
    PIN_CHANGED = "pin_changed"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
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
    Alert.REGISTERED: _Words(
        "messages/sms/registered.txt", "messages/email/registered.txt", has_link=True
    ),
    Alert.REGISTERED_AGAIN: _Words(
        "messages/sms/registered_again.txt", "messages/email/registered_again.txt", has_link=False
    ),
    Alert.PASSWORD_CHANGED: _Words(
        "messages/sms/password_changed.txt", "messages/email/password_changed.txt", has_link=True
    ),
    Alert.PIN_CHANGED: _Words(
        "messages/sms/pin_changed.txt", "messages/email/pin_changed.txt", has_link=True
    ),
    Alert.PASSKEY_ADDED: _Words(
        "messages/sms/passkey_added.txt", "messages/email/passkey_added.txt", has_link=True
    ),
    Alert.PASSKEY_REMOVED: _Words(
        "messages/sms/passkey_removed.txt", "messages/email/passkey_removed.txt", has_link=True
    ),
    Alert.FROZEN: _Words("messages/sms/frozen.txt", "messages/email/frozen.txt", has_link=False),
    Alert.UNFROZEN: _Words(
        "messages/sms/unfrozen.txt", "messages/email/unfrozen.txt", has_link=True
    ),
}


def send(account: Account, alert: Alert, *, but_not_to: str | None = None) -> None:
    """Write it to every channel that the account has, and to the one whose place a new phone
    took, in the transaction under way. `but_not_to`: the phone of whoever did it just now."""
    words = _WORDS[alert]
    for phone in account_channels.phones_of(account) - {but_not_to}:
        values = _values(account, words, phone)
        outbox.write(Channel.SMS, alert, messages.sms(words.sms, phone, **values))
    if account.email:
        values = _values(account, words, account.email)
        outbox.write(Channel.EMAIL, alert, messages.email(words.email, account.email, **values))


def _values(account: Account, words: _Words, recipient: str) -> dict[str, object]:
    """What a message needs. Each recipient has a link of its own: while the phone is new, those
    of the others give the account back to the recorded one."""
    now = clock.now()
    if not words.has_link:
        return {"now": now}
    token = new_token()
    is_other = recipient != account.phone and account_channels.is_phone_new(account)
    link = Disavowal(
        token_digest=digest(token),
        account_id=account.id,
        gives_phone_back=is_other,
        expires_at=now + LINK_LIFE,
    )
    session.add(link)
    return {"now": now, "token": token}
