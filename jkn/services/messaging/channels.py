"""The channels by which people are reached outside the app: one table of how each is used and
spoken of. A further one is a value in `Channel`, an entry here, a gateway, and its texts."""

from collections.abc import Callable
from dataclasses import dataclass

from jkn.models import Channel
from jkn.services.messaging import messages
from jkn.services.messaging.outbox import Content


@dataclass(frozen=True)
class ChannelEntry:
    """`attribute`: where accounts and participants keep its address. `label`: on a button; `word`:
    within a sentence; `piece`: what arrives; `registered`: where a code goes, without telling more,
    and `recorded`: the same for what the membership record has. `carries_link`: its messages may
    hold a link of their own. `has_blocks`: its addresses stand in blocks that are limited together.
    `render` makes a message of a text's name, an address and values."""

    attribute: str
    label: str
    word: str
    piece: str
    registered: str
    recorded: str
    carries_link: bool
    has_blocks: bool
    render: Callable[..., Content]


# In the order in which a code is sent where several would do.
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
        piece="surat",
        registered="email yang terdaftar",
        recorded="email yang terdaftar",
        carries_link=True,
        has_blocks=False,
        render=messages.email,
    ),
}
