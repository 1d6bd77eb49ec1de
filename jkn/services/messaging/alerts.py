"""What somebody is told on every channel at once, because it may have been somebody else
(security.md R26, R27). `audit_log.log` sends it with the event of which it tells."""

from datetime import timedelta

from jkn.database import session
from jkn.models import Account, Channel, FreezeLink
from jkn.services.basics import clock
from jkn.services.basics.tokens import digest, new_token
from jkn.services.messaging import account_channels, messages, outbox
from jkn.services.messaging.event_catalogue import news_of

LINK_LIFE = timedelta(days=7)


def send(account: Account, topic: str, *, but_not_to: str | None = None) -> None:
    """Write it to every channel that the account has, and to the one whose place a new phone
    took, in the transaction under way. `but_not_to`: the phone of whoever did it just now."""
    has_link = news_of(topic).can_be_undone
    for phone in account_channels.phones_of(account) - {but_not_to}:
        values = _values(account, phone, has_link=has_link)
        sms = messages.sms(f"messages/sms/{topic}.txt", phone, **values)
        outbox.write(Channel.SMS, topic, sms)
    if account.email:
        values = _values(account, account.email, has_link=has_link)
        email = messages.email(f"messages/email/{topic}.txt", account.email, **values)
        outbox.write(Channel.EMAIL, topic, email)


def _values(account: Account, recipient: str, *, has_link: bool) -> dict[str, object]:
    """What a message needs. Each recipient has a link of its own: while the phone is new, those
    of the others give the account back to the recorded one."""
    now = clock.now()
    if not has_link:
        return {"now": now}
    token = new_token()
    is_other = recipient != account.phone and account_channels.is_phone_new(account)
    link = FreezeLink(
        token_digest=digest(token),
        account_id=account.id,
        gives_phone_back=is_other,
        expires_at=now + LINK_LIFE,
    )
    session.add(link)
    return {"now": now, "token": token}
