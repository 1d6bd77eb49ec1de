"""Warnings that an owner gets on every channel at once, because somebody else may have done what
they tell of (security.md R26, R27). `audit_log.log` sends them with the event."""

from datetime import timedelta

from jkn.database import session
from jkn.models import Account, FreezeLink
from jkn.services.basics import clock
from jkn.services.basics.tokens import digest, new_token
from jkn.services.messaging import account_channels, outbox
from jkn.services.messaging.channels import CHANNELS
from jkn.services.messaging.event_catalogue import news_of

LINK_LIFE = timedelta(days=7)


def send(account: Account, topic: str, *, but_not_to: str | None = None) -> None:
    """Write a warning to every channel of the account, and to the recorded phone while the
    account's is new, in the transaction under way. `but_not_to`: the phone of the person who did it
    just now."""
    has_link = news_of(topic).can_be_undone
    for channel, address in account_channels.everywhere(account):
        if address != but_not_to:
            values = _values(account, address, has_link=has_link)
            outbox.write(channel, topic, CHANNELS[channel].render(topic, address, **values))


def _values(account: Account, recipient: str, *, has_link: bool) -> dict[str, object]:
    """What the message's text needs. Each recipient gets a link of its own: while the account's
    phone is new, the links to all other addresses also bring the recorded phone back."""
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
