"""Asking for one-time codes and typing them without a page, and the messages that carry them."""

import re
from dataclasses import replace

from sqlalchemy import select

from jkn.database import session, transaction
from jkn.models import Channel, MessageState, OutboxMessage
from jkn.services.credentials import one_time_codes
from jkn.services.credentials.one_time_codes import (
    CodePurpose,
    Confirmation,
    Recipient,
    Sent,
    TooSoon,
    Verdict,
)
from jkn.services.messaging import outbox
from jkn.services.messaging.outbox import Content
from jkn.services.throttling.retry_after import RetryAfter
from tests.support.calls.sign_in_calls import CLIENT
from tests.support.rules.canaries import CANARIES
from tests.support.world.factories import new_phone

_ASKED = Confirmation(person="", purpose=CodePurpose.RECOVERY, flow="7", confirms="a new password")


def asked_by(nik: str) -> Confirmation:
    """What a code of this person confirms."""
    return replace(_ASKED, person=nik)


def ask(
    confirmation: Confirmation, to: str | None, channel: Channel = Channel.SMS
) -> Sent | TooSoon | RetryAfter:
    """Ask for a code. The code becomes a canary: no test may find it where it must not be."""
    with transaction():
        answer = one_time_codes.send(confirmation, Recipient(channel, to), CLIENT)
    for content in waiting():
        CANARIES.add("code", code_in(content.text))
    return answer


def give(confirmation: Confirmation, typed: str) -> Verdict | RetryAfter:
    """Type a code."""
    with transaction():
        return one_time_codes.verify(confirmation, typed, CLIENT)


def write_message(channel: Channel = Channel.SMS, text: str = "Halo", topic: str = "trial") -> str:
    """Write a message to somebody; returns its idempotency key."""
    with transaction():
        outbox.write(channel, topic, Content(new_phone(), text))
        return session.scalars(
            select(OutboxMessage.idempotency_key).order_by(OutboxMessage.id.desc()).limit(1)
        ).one()


def waiting() -> list[Content]:
    """The messages that were not handed over yet, the oldest first."""
    session.rollback()
    rows = select(OutboxMessage.content).where(OutboxMessage.state == MessageState.WAITING)
    written = session.scalars(rows.order_by(OutboxMessage.id))
    return [Content.from_json(it) for it in written if it is not None]


def code_in(text: str) -> str:
    """The six digits of a message, as its recipient reads them."""
    (code,) = set(re.findall(r"(?<![0-9])[0-9]{6}(?![0-9])", text))
    return str(code)
