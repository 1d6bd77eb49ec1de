"""What the simulated gateway received, as *Kotak keluar* shows it in development."""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from jkn.database import session
from jkn.models import Channel, SimulatedMessage
from jkn.services.basics.wording import grouped

_SHOWN = 20
_CODE = re.compile(r"(?<![0-9])[0-9]{6}(?![0-9])")


@dataclass(frozen=True)
class Preview:
    """`recipient` as people write it. `code`: the six digits in it, None where there are none.
    `subject` is None for an SMS."""

    id: int
    channel: Channel
    recipient: str
    subject: str | None
    text: str
    code: str | None
    has_html: bool
    received_at: datetime


def newest() -> list[Preview]:
    """The last messages, the newest first."""
    rows = session.scalars(
        select(SimulatedMessage).order_by(SimulatedMessage.id.desc()).limit(_SHOWN)
    )
    return [_preview(row) for row in rows]


def html_of(message_id: int) -> str | None:
    """The HTML part of an e-mail; None where there is none."""
    return session.scalar(select(SimulatedMessage.html).where(SimulatedMessage.id == message_id))


def _preview(row: SimulatedMessage) -> Preview:
    code = _CODE.search(row.text)
    return Preview(
        id=row.id,
        channel=row.channel,
        recipient=_as_people_write_it(row.recipient),
        subject=row.subject,
        text=row.text,
        code=code.group() if code else None,
        has_html=row.html is not None,
        received_at=row.received_at,
    )


def _as_people_write_it(recipient: str) -> str:
    """+6281234567890 → 0812 3456 7890; an e-mail address stays as it is."""
    is_number = recipient.startswith("+62")
    return grouped(recipient.replace("+62", "0", 1)) if is_number else recipient
