"""The gateway of development: it keeps messages for *Kotak keluar* to show."""

from datetime import UTC, datetime

from jkn.database import insert_into, session, transactional
from jkn.gateways.outgoing import Accepted, Email, Sms
from jkn.models import Channel, SimulatedMessage

_NAME = "simulated"


class SimulatedGateway:
    """Takes SMS and e-mail. A message whose idempotency key it has already is not kept again."""

    @transactional
    def send(self, message: Sms | Email) -> Accepted:
        """Keep a message. Never refuses one."""
        subject, html = (
            (message.subject, message.html) if isinstance(message, Email) else (None, None)
        )
        session.execute(
            insert_into(SimulatedMessage)
            .values(
                idempotency_key=message.idempotency_key,
                channel=Channel.EMAIL if isinstance(message, Email) else Channel.SMS,
                recipient=message.recipient,
                subject=subject,
                text=message.text,
                html=html,
                received_at=datetime.now(UTC),
            )
            .on_conflict_do_nothing()
        )
        return Accepted(_NAME, message.idempotency_key)
