"""A code for one person and one purpose: asked for, read in its message, typed."""

import re
from dataclasses import replace
from typing import Any

from sqlalchemy import func, select

from jkn.database import session, transaction
from jkn.models import AuditEvent, Channel, EventKind, OutboxMessage
from jkn.services.audit.audit_log import Client
from jkn.services.credentials import one_time_codes
from jkn.services.credentials.one_time_codes import (
    CodePurpose,
    Confirmation,
    Recipient,
    Sent,
    TooSoon,
    Verdict,
)
from jkn.services.messaging.outbox import Content
from jkn.services.throttling.retry_after import RetryAfter

CLIENT = Client("203.0.113.7", "Tests/1.0")
NIK = "3276051703840001"
ASKED = Confirmation(person=NIK, purpose=CodePurpose.RECOVERY, flow="7", confirms="a new password")
PHONE = Recipient(Channel.SMS, "+6281234567890")
NOBODY = Recipient(Channel.SMS, None)


def send(
    confirmation: Confirmation = ASKED, to: Recipient = PHONE, client: Client = CLIENT
) -> Sent | TooSoon | RetryAfter:
    with transaction():
        return one_time_codes.send(confirmation, to, client)


def verify(typed: str, confirmation: Confirmation = ASKED) -> Verdict | RetryAfter:
    with transaction():
        return one_time_codes.verify(confirmation, typed, CLIENT)


def messages() -> list[OutboxMessage]:
    session.rollback()
    return list(session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


def latest_code() -> str:
    """The digits in the newest message, as its recipient reads them."""
    content = Content.from_json(messages()[-1].content or "")
    found = re.search(r"\b[0-9]{6}\b", content.text)
    assert found is not None
    return found.group()


def sent_code(**changes: Any) -> str:
    assert isinstance(send(replace(ASKED, **changes)), Sent)
    return latest_code()


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def events(kind: EventKind) -> int:
    session.rollback()
    found = select(func.count()).select_from(AuditEvent).where(AuditEvent.kind == kind)
    return session.scalar(found) or 0
