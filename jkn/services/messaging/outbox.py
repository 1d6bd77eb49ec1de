"""SMS and e-mails, written in the transaction that causes them (transactional outbox).

A worker hands them over afterwards (`deliveries`); no request waits for a gateway.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from jkn.database import session
from jkn.logs import loggable_id
from jkn.models import Channel, MessageState, OutboxMessage
from jkn.services.basics import clock


@dataclass(frozen=True)
class Content:
    """What is kept encrypted until it is handed over. `subject` and `html`: empty for an SMS."""

    recipient: str
    text: str
    subject: str = ""
    html: str = ""

    def as_json(self) -> str:
        """The text for the row."""
        return json.dumps([self.recipient, self.text, self.subject, self.html])

    @classmethod
    def from_json(cls, written: str) -> "Content":
        """The content from the row's text. Raises ValueError or TypeError for anything else."""
        return cls(*json.loads(written))


def write(
    channel: Channel,
    topic: str,
    content: Content | None,
    *,
    expires_at: datetime | None = None,
) -> None:
    """Add a message to the transaction under way. `topic`: its kind, for figures and for operators.
    `content`: None where there is nobody to send it to; the row costs the same, and is never sent.
    `expires_at`: when it is too late to send it; None: tried for as long as `deliveries.LIFE`.
    """
    nobody = Content("nobody", "nothing that anybody reads, of a usual length")
    now = clock.now()
    session.add(
        OutboxMessage(
            idempotency_key=loggable_id(32),
            channel=channel,
            topic=topic,
            content=(content or nobody).as_json(),
            state=MessageState.NOBODY if content is None else MessageState.WAITING,
            tries=0,
            created_at=now,
            due_at=now,
            expires_at=expires_at,
            finished_at=now if content is None else None,
        )
    )
