"""The channels by which people are reached outside the app: one table of how each is used and
named. A new channel takes a value in `Channel`, an entry here, a gateway, and its texts."""

from collections.abc import Callable
from dataclasses import dataclass

from jkn.models import Channel
from jkn.services.messaging import messages
from jkn.services.messaging.outbox import Content


@dataclass(frozen=True)
class ChannelEntry:
    """`attribute`: of accounts and participants, where its address is kept. Its name: `label` on a
    button, `word` within a sentence, `piece` for what arrives; `registered` and `recorded` for
    the account's address and for that of the membership record, without giving it away.
    `carries_link`: a code's message also carries a link. `has_blocks`: its addresses come in blocks
    that share a rate limit. `render`: makes a message of a text's name, an address and values."""

    attribute: str
    label: str
    word: str
    piece: str
    registered: str
    recorded: str
    carries_link: bool
    has_blocks: bool
    render: Callable[..., Content]


# In order of preference, where a code could go to several.
CHANNELS: dict[Channel, ChannelEntry] = {
    Channel.SMS: ChannelEntry(
        attribute="phone",
        label="SMS",
        word="SMS",
        piece="SMS",
        registered="nomor HP yang terdaftar",
        recorded="nomor HP lama di data peserta",
        carries_link=False,
        has_blocks=True,
        render=messages.sms,
    ),
    Channel.EMAIL: ChannelEntry(
        attribute="email",
        label="Email",
        word="email",
        piece="email",
        registered="email yang terdaftar",
        recorded="email yang terdaftar",
        carries_link=True,
        has_blocks=False,
        render=messages.email,
    ),
}
