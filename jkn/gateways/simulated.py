"""The world outside as development has it: messages are kept for *Kotak keluar* to show."""

from datetime import UTC, datetime

from jkn.database import insert_into, session, transactional
from jkn.gateways.outgoing import Accepted, Email, Sms
from jkn.models import Channel, SimulatedMessage

_NAME = "simulated"


class SimulatedGateway:
    """Takes SMS and e-mail alike. The second of the same id is known and not kept again."""

    @transactional
    def send(self, message: Sms | Email) -> Accepted:
        """Always accepts."""
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
